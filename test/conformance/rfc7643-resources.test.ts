import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import {
  ENTERPRISE_USER_SCHEMA as ENTERPRISE,
  GROUP_SCHEMA,
  LIST_RESPONSE,
  PATCH_OP,
  USER_SCHEMA as USER,
} from '../../src/schema/urns.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Calls, group, next, refusal, startCalls, user } from './calls.ts';

let on: Calls;

beforeAll(async () => {
  on = await startCalls();
});
afterAll(() => on.app.close());

describe('RFC 7643 §3: resources', () => {
  it('have schemas, and so has every other answer', shows('7643-2.1-1', '7643-3-1'), async () => {
    const { id } = await on.created(user());
    for (const path of [
      `/Users/${id}`,
      '/Users',
      '/Groups',
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
      '/Users/none',
    ]) {
      const { body } = await on.get(path);
      expect(body.schemas, path).toEqual([expect.stringMatching(/^urn:ietf:params:scim:/)]);
    }
    const without = await on.app.request('POST', '/Users', { userName: 'x' });
    expect(refusal(without)).toBe('400 invalidSyntax');
    expect(refusal(await on.app.request('POST', '/Users', user({ schemas: [] })))).toBe('400 invalidSyntax');
    expect(refusal(await on.app.request('POST', '/Users', user({ schemas: [GROUP_SCHEMA] })))).toBe(
      '400 invalidSyntax',
    );
  });

  it(
    'name in schemas what they have and nothing else, in whatever order it was sent',
    shows('7643-3-2', '7643-3-3', '7643-3-4', '7643-3.3-1', '7643-3.3-2', '7643-3.3-3'),
    async () => {
      const extension = { department: 'D' };
      for (const schemas of [
        [USER, ENTERPRISE],
        [ENTERPRISE, USER],
        [USER, ENTERPRISE, USER, ENTERPRISE.toUpperCase()],
      ]) {
        const shown = await on.created(user({ schemas, [ENTERPRISE]: extension }));
        expect(shown.schemas).toEqual([USER, ENTERPRISE]);
        expect(shown[ENTERPRISE]).toEqual(extension);
        expect(shown).not.toHaveProperty('department');
        expect(shown).not.toHaveProperty(USER);
      }
      const unused = await on.created(user({ schemas: [USER, ENTERPRISE, 'urn:example:other'] }));
      expect(unused.schemas).toEqual([USER]);
      const foreign = user({ schemas: [USER, 'urn:example:other'] });
      expect(refusal(await send(`${on.app.url}/Users`, 'POST', on.strict, foreign))).toBe('400 invalidSyntax');
    },
  );

  it('take core attributes under their URN from lenient tenants only', shows('7643-3.3-3'), async () => {
    const { schemas, ...own } = user();
    const wrapped = { schemas, [USER]: own } as JsonObject;
    expect((await on.created(wrapped)).userName).toBe(own.userName);
    const refused = await send(`${on.app.url}/Users`, 'POST', on.strict, wrapped);
    expect(refusal(refused)).toBe('400 invalidSyntax');
  });

  it.each([
    ['/Users', 'User', user],
    ['/Groups', 'Group', group],
  ])(
    'at %s have the common attributes, which the server assigns',
    shows(
      '7643-3-5',
      '7643-3-6',
      '7643-3.1-1',
      '7643-3.1-2',
      '7643-3.1-16',
      '7643-3.1-17',
      '7643-3.1-21',
      '7643-3.3-5',
    ),
    async (path, type, make) => {
      const externalId = `common-${next()}`;
      const one = await on.created(
        make({ externalId, id: 'mine', meta: { resourceType: 'Robot', created: 'never' } }),
        path,
      );
      const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(one.meta).toEqual({
        resourceType: type,
        created: instant,
        lastModified: one.meta.created,
        location: `${on.app.url}${path}/${one.id}`,
        version: expect.stringMatching(/^W\//),
      });
      expect((await on.get(`/ResourceTypes/${one.meta.resourceType}`)).body).toMatchObject({
        endpoint: path,
        schema: (one.schemas as string[])[0],
      });
      const filters = [`id eq "${one.id}"`, `externalId eq "${externalId}"`, `meta.created eq "${one.meta.created}"`];
      for (const filter of filters) expect(await on.found(path, filter)).toContain(one.id);
      expect((await on.get(`${path}/${one.id}?attributes=externalId,meta.resourceType`)).body).toEqual({
        schemas: one.schemas,
        id: one.id,
        externalId,
        meta: { resourceType: type },
      });
    },
  );

  it('list externalId in the schema for lenient tenants only', shows('7643-3.1-3', '7643-3.1-4'), async () => {
    const names = async (token: string) => {
      const { body } = await send(`${on.app.url}/Schemas/${USER}`, 'GET', token);
      return (body.attributes as JsonObject[]).filter(({ name }) =>
        ['id', 'externalId', 'meta'].includes(String(name)),
      );
    };
    expect(await names(on.app.token)).toMatchObject([
      { name: 'externalId', caseExact: true, mutability: 'readWrite', required: false, uniqueness: 'none' },
    ]);
    expect(await names(on.strict)).toEqual([]);
  });

  it('have their id in every representation', shows('7643-3.1-5'), async () => {
    const { id, userName } = await on.created(user());
    for (const query of ['', '?attributes=title', '?excludedAttributes=id', '?attributes=id.x']) {
      expect((await on.get(`/Users/${id}${query}`)).body.id, query).toBe(id);
    }
    const list = await on.get(`/Users?attributes=title&filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
    expect(list.body.Resources).toEqual([{ schemas: [USER], id }]);
  });

  it(
    'have an id that the server issues: of their own, never changed, never given again',
    shows('7643-3.1-6', '7643-3.1-7', '7643-3.1-8', '7643-3.1-9'),
    async () => {
      const other = await on.app.addTenant({ profile: 'rfc' });
      const body = user({ id: 'bulkId:mine' });
      const first = await on.created(body);
      const elsewhere = await send(`${on.app.url}/Users`, 'POST', other.token, body);
      const inGroup = await on.created(group({ id: first.id }), '/Groups');
      const put = await on.app.request('PUT', `/Users/${first.id}`, { ...body, id: 'another', title: 'T' });
      expect(put.body).toMatchObject({ id: first.id, title: 'T' });
      await on.app.request('DELETE', `/Users/${first.id}`);
      const second = await on.created(body);
      const ids = [first.id, elsewhere.body.id, inGroup.id, second.id];
      expect(new Set(ids).size).toBe(4);
      // RFC 9562: hexadecimal digits, so no text such as bulkId can be in it.
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    },
  );

  it('have an id that is compared exactly and can not be patched', shows('7643-3.1-10', '7643-7-10'), async () => {
    const { id } = await on.created(user());
    expect(await on.found('/Users', `id eq "${id.toUpperCase()}"`)).toEqual(id === id.toUpperCase() ? [id] : []);
    expect((await on.get(`/Users/${id.toUpperCase()}`)).status).toBe(404);
    expect(refusal(await on.patch(`/Users/${id}`, { op: 'replace', path: 'id', value: 'x' }))).toBe('400 mutability');
  });

  it(
    'have the externalId that the client gave, and none otherwise',
    shows('7643-3.1-11', '7643-3.1-12', '7643-3.1-13', '7643-3.1-14'),
    async () => {
      const externalId = `Ext-${next()}`;
      expect(await on.created(user())).not.toHaveProperty('externalId');
      const one = await on.created(user({ externalId }));
      const two = await on.created(user({ externalId }));
      const other = await on.app.addTenant({ profile: 'rfc' });
      const elsewhere = await send(`${on.app.url}/Users`, 'POST', other.token, user({ externalId }));
      expect([one.externalId, elsewhere.body.externalId]).toEqual([externalId, externalId]);
      expect(await on.found('/Users', `externalId eq "${externalId}"`)).toEqual([one.id, two.id]);
      expect(await on.found('/Users', `externalId eq "${externalId.toLowerCase()}"`)).toEqual([]);
    },
  );

  it('ignore the meta that a client sends', shows('7643-3.1-15'), async () => {
    const body = user({ meta: { version: 'W/"9"', location: 'x' } });
    const { id, meta } = await on.created(body);
    expect((await on.app.request('PUT', `/Users/${id}`, body)).body.meta).toEqual(meta);
    const { meta: after } = (await on.patch(`/Users/${id}`, { op: 'add', value: { meta: { version: 'x' } } })).body;
    expect(after).toEqual(meta);
    expect(refusal(await on.patch(`/Users/${id}`, { op: 'add', path: 'meta.version', value: 'x' }))).toBe(
      '400 mutability',
    );
    const own = await send(`${on.app.url}/Users`, 'POST', on.strict, user({ meta: { version: 'x' } }));
    expect(own.status).toBe(201);
    const refused = await send(`${on.app.url}/Users/${own.body.id}`, 'PATCH', on.strict, {
      schemas: [PATCH_OP],
      Operations: [{ op: 'add', value: { meta: { version: 'x' } } }],
    });
    expect(refusal(refused)).toBe('400 mutability');
  });

  it(
    'have a weak version and their location, the same in body and headers',
    shows('7643-3.1-18', '7643-3.1-19', '7643-3.1-20'),
    async () => {
      const posted = await on.app.request('POST', '/Users', user());
      const path = `/Users/${posted.body.id}`;
      const put = await on.app.request('PUT', path, user({ title: 'T' }));
      for (const answer of [
        posted,
        put,
        await on.get(path),
        await on.patch(path, { op: 'add', path: 'title', value: 'U' }),
      ]) {
        const { location, version } = answer.body.meta as JsonObject;
        expect(answer.headers.get('content-location')).toBe(location);
        expect(answer.headers.get('etag')).toBe(version);
        expect(version).toMatch(/^W\/"/);
      }
    },
  );

  it('move lastModified with a change, and only then', shows('7643-3.1-17'), async () => {
    const one = await on.created(user());
    const same = await on.patch(`/Users/${one.id}`, { op: 'replace', path: 'userName', value: one.userName ?? null });
    expect(same.body.meta).toEqual(one.meta);
    const changed = (await on.patch(`/Users/${one.id}`, { op: 'add', path: 'title', value: 'T' })).body
      .meta as JsonObject;
    expect(changed.created).toBe(one.meta.created);
    expect(Date.parse(String(changed.lastModified))).toBeGreaterThanOrEqual(Date.parse(String(one.meta.created)));
    expect(changed.version).not.toBe(one.meta.version);
  });

  it('of any type answer to a search over all of them by their common attributes', shows('7643-3-5'), async () => {
    const externalId = `both-${next()}`;
    const [one, two] = [await on.created(user({ externalId })), await on.created(group({ externalId }), '/Groups')];
    const { body } = await on.get(`?filter=${encodeURIComponent(`externalId eq "${externalId}"`)}`);
    expect(body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 2 });
    expect((body.Resources as JsonObject[]).map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
  });
});
