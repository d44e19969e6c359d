import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attribute } from '../../src/schema/attribute.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../src/schema/urns.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Calls, group, next, refusal, startCalls, user } from './calls.ts';

let on: Calls;

beforeAll(async () => {
  on = await startCalls();
});
afterAll(() => on.app.close());

const listed = async (path: string) => (await on.get(path)).body.Resources as JsonObject[];

describe('RFC 7643 §5: ServiceProviderConfig', () => {
  it(
    'says of each feature whether it is there, and within which limits',
    shows('7643-5-1', '7643-5-2', '7643-5-3', '7643-5-4'),
    async () => {
      const { body } = await on.get('/ServiceProviderConfig');
      for (const name of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag']) {
        expect((body[name] as JsonObject).supported, name).toBe(true);
      }
      const { maxOperations, maxPayloadSize } = body.bulk as JsonObject;
      const maxResults = Number((body.filter as JsonObject).maxResults);
      for (const limit of [maxOperations, maxPayloadSize, maxResults]) {
        expect(Number.isInteger(limit) && Number(limit) > 0).toBe(true);
      }
      expect(Number(maxResults)).toBe((body.pagination as JsonObject).maxPageSize);
      for (const scheme of body.authenticationSchemes as JsonObject[]) {
        expect(['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest']).toContain(scheme.type);
        expect(scheme).toMatchObject({ name: expect.stringMatching(/./), description: expect.stringMatching(/./) });
      }
    },
  );

  it('is told to who authenticates, and the scheme to everybody', shows('7643-5-5'), async () => {
    const answer = await send(`${on.app.url}/ServiceProviderConfig`, 'GET', undefined);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });
});

describe('RFC 7643 §6, §7: resource types and schemas', () => {
  it.each(['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas', `/Schemas/${USER}`])(
    'can not be written at %s',
    shows('7643-5-6', '7643-6-1', '7643-7-2'),
    async (path) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        expect((await on.app.request(method, path, {})).status, method).toBe(405);
      }
    },
  );

  it(
    'are named, described and refer to each other',
    shows('7643-6-1', '7643-6-2', '7643-6-3', '7643-6-5', '7643-6-6', '7643-7-1', '7643-7-4'),
    async () => {
      const types = await listed('/ResourceTypes');
      const ids = (await listed('/Schemas')).map(({ id }) => id);
      for (const type of types) {
        expect(type).toMatchObject({
          name: expect.stringMatching(/./),
          description: expect.stringMatching(/./),
          endpoint: expect.stringMatching(/^\/\w+$/),
          schema: expect.stringMatching(/^urn:/),
        });
        expect(ids).toContain(type.schema);
        for (const extension of (type.schemaExtensions ?? []) as JsonObject[]) {
          expect(ids).toContain(extension.schema);
          expect(typeof extension.required).toBe('boolean');
        }
      }
      for (const schema of await listed('/Schemas')) {
        expect(schema).toMatchObject({ name: expect.stringMatching(/./), description: expect.stringMatching(/./) });
        expect((await on.get(`/Schemas/${schema.id}`)).body.id).toBe(schema.id);
      }
      expect(new Set(types.map(({ endpoint }) => endpoint)).size).toBe(types.length);
    },
  );

  it('have an endpoint at which their resources are', shows('7643-6-4', '7643-6-2', '7643-7-1'), async () => {
    await on.created(user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { division: 'D' } }));
    await on.created(group(), '/Groups');
    for (const { name, endpoint, schema, schemaExtensions } of await listed('/ResourceTypes')) {
      const extensions = ((schemaExtensions ?? []) as JsonObject[]).map((extension) => extension.schema);
      const resources = await listed(String(endpoint));
      expect(resources.length).toBeGreaterThan(0);
      for (const { meta, schemas } of resources) {
        expect((meta as JsonObject).resourceType).toBe(name);
        expect([schema, ...extensions]).toEqual(expect.arrayContaining(schemas as JsonValue[]));
      }
    }
  });

  it('differ from those of the RFC in what their descriptions say', shows('7643-8.7.1-1', '7643-3.3-4'), async () => {
    const schemas = await listed('/Schemas');
    const names = (id: string) => {
      const attributes = (schemas.find((schema) => schema.id === id)?.attributes ?? []) as JsonObject[];
      return attributes.map(({ name }) => String(name).toLowerCase());
    };
    const core = new Set(names(USER));
    expect(core.size).toBeGreaterThan(15);
    expect(names(ENTERPRISE).filter((name) => core.has(name))).toEqual([]);
    const { id: _, attributes } = schemas.find(({ id }) => String(id).endsWith(':Group')) ?? {};
    expect((attributes as JsonObject[])[0]).toMatchObject({ name: 'displayName', uniqueness: 'server' });
  });
});

describe('RFC 7643 §2.2, §7: characteristics', () => {
  it('have defaults', shows('7643-2.2-1'), () => {
    expect(attribute('plain', 'Plain.')).toMatchObject({
      type: 'string',
      multiValued: false,
      required: false,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
    });
  });

  it('decide whether letter case counts in a filter, and it is kept', shows('7643-7-8', '7643-7-9'), async () => {
    const externalId = `CaSe-${next()}`;
    const { id, ...shown } = await on.created(user({ externalId, title: 'TiTle' }));
    expect(shown).toMatchObject({ externalId, title: 'TiTle' });
    expect(await on.found('/Users', `externalId eq "${externalId}" and title eq "tItLE"`)).toEqual([id]);
    for (const filter of [`eq "${externalId.toUpperCase()}"`, `sw "case-"`, `co "${externalId.toLowerCase()}"`]) {
      expect(await on.found('/Users', `externalId ${filter}`), filter).toEqual([]);
    }
  });

  it('say which attributes a client can not modify', shows('7643-7-10'), async () => {
    const { id, meta } = await on.created(user({ groups: [{ value: 'x' }] }));
    expect((await on.get(`/Users/${id}`)).body).not.toHaveProperty('groups');
    for (const path of ['id', 'groups', 'meta', 'meta.created', `${ENTERPRISE}:manager.displayName`]) {
      expect(refusal(await on.patch(`/Users/${id}`, { op: 'replace', path, value: 'x' })), path).toBe('400 mutability');
    }
    expect((await on.get(`/Users/${id}`)).body.meta).toEqual(meta);
  });

  it('say what is returned', shows('7643-7-14', '7643-7-15', '7643-7-16'), async () => {
    const { id, schemas } = await on.created(user({ title: 'T', nickName: 'N', password: 'secret one' }));
    const shown = async (query: string) => (await on.get(`/Users/${id}?${query}`)).body;
    expect(await shown('attributes=title')).toEqual({ schemas, id, title: 'T' });
    expect(await shown('attributes=password')).toEqual({ schemas, id });
    expect(await shown('excludedAttributes=id,schemas,title')).toMatchObject({ schemas, id, nickName: 'N' });
    expect(await shown('excludedAttributes=title')).not.toHaveProperty('title');
  });

  it('make values unique, among parallel requests too', shows('7643-7-19', '7643-7-20'), async () => {
    const displayName = `Unique ${next()}`;
    const tries = await Promise.all(
      ['toUpperCase', 'toLowerCase', 'trim'].map((change) =>
        on.app.request('POST', '/Groups', group({ displayName: displayName[change as 'trim']() })),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    for (const { status, body } of tries) if (status === 409) expect(body.scimType).toBe('uniqueness');
  });

  it(
    'are stated in full for every published attribute',
    shows('7643-1.2-1', '7643-2.1-2', '7643-2.3-1', '7643-7-3', '7643-7-4', '7643-7-6', '7643-7-21'),
    async () => {
      const types = (await listed('/ResourceTypes')).map(({ name }) => name);
      const data = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex'];
      const every = (attributes: JsonValue | undefined): JsonObject[] =>
        ((attributes ?? []) as JsonObject[]).flatMap((one) => [one, ...every(one.subAttributes)]);
      const published = (await listed('/Schemas')).flatMap(({ attributes }) => every(attributes));
      expect(published.length).toBeGreaterThan(100);
      for (const one of published) {
        expect(one.name).toMatch(/^(?:\$ref|[A-Za-z][A-Za-z0-9$_-]*)$/);
        expect(data).toContain(one.type);
        expect(one).toMatchObject({
          description: expect.stringMatching(/./),
          multiValued: expect.any(Boolean),
          required: expect.any(Boolean),
          mutability: expect.any(String),
          returned: expect.any(String),
        });
        expect('subAttributes' in one).toBe(one.type === 'complex');
        expect('referenceTypes' in one).toBe(one.type === 'reference');
        expect([...types, 'external', 'uri']).toEqual(
          expect.arrayContaining((one.referenceTypes ?? []) as JsonValue[]),
        );
      }
    },
  );
});

describe('RFC 7643 §9: how data is kept', () => {
  it('binds every resource to one tenant', shows('7643-9.3-1', '7643-3.1-13'), async () => {
    const { id, externalId } = await on.created(user({ externalId: `mine-${next()}` }));
    const other = await on.app.addTenant({ profile: 'rfc' });
    const at = (path: string) => send(`${on.app.url}${path}`, 'GET', other.token);
    expect((await at(`/Users/${id}`)).status).toBe(404);
    for (const filter of [`id eq "${id}"`, `externalId eq "${externalId}"`, 'userName pr']) {
      expect((await at(`/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults, filter).toBe(0);
    }
  });

  it.each([`x" or userName pr or title eq "`, `'; drop table resources; --`, `%`, `_`, `\\`])(
    'takes values for values: %s',
    shows('7643-9.2-2'),
    async (title) => {
      const { id } = await on.created(user({ title }));
      expect(await on.found('/Users', `title eq ${JSON.stringify(title)}`)).toEqual([id]);
      expect((await on.get(`/Users/${id}`)).body.title).toBe(title);
    },
  );
});
