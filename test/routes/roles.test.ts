import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { addRole, renameRole } from '../../src/directory/roles.ts';
import { tenantNamed } from '../../src/directory/tenants.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ENTITLEMENT_SCHEMA, ROLE_SCHEMA, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { bulk } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';

const ON = { profile: 'role-object', features: ['roles-and-entitlements'] };

describeEachDatabase('/Roles and /Entitlements', (open) => {
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant(ON);
  });

  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(`${app.url}${path}`, method, tenant.token, body, headers);
  const list = async (path: string) => {
    const { status, body, text } = await request('GET', path);
    expect(status, text).toBe(200);
    return body as JsonObject & { Resources: JsonObject[] };
  };
  const values = (body: JsonObject) => (body.Resources as JsonObject[]).map(({ value }) => value);
  const present = () => tenantNamed(app.context, tenant.tenant.slug);
  // The server remembers a token's tenant for some seconds; another token does not find it in memory.
  const again = async () => {
    tenant = { ...tenant, token: await app.issueToken(tenant.tenant) };
  };

  it('lists the role names of the tenant', async () => {
    const body = await list('/Roles?sortBy=value');
    expect(body).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 3 });
    expect(values(body)).toEqual(['admin', 'editor', 'member']);
    const [admin] = body.Resources;
    expect(admin).toEqual({
      schemas: [ROLE_SCHEMA],
      id: expect.any(String),
      value: 'admin',
      display: 'admin',
      supported: true,
      limitedAssignmentsPermitted: false,
      meta: {
        resourceType: 'Role',
        location: `${app.url}/Roles/${admin?.id}`,
        version: expect.stringMatching(/^W\/".+"$/),
      },
    });
    const one = await request('GET', `/Roles/${admin?.id}`);
    expect([one.status, one.body]).toEqual([200, admin]);
    const etag = one.headers.get('etag') ?? '';
    expect((await request('GET', `/Roles/${admin?.id}`, undefined, { 'if-none-match': etag })).status).toBe(304);
    expect((await request('GET', `/Roles/${admin?.id}?attributes=value`)).body).toEqual({
      schemas: [ROLE_SCHEMA],
      id: admin?.id,
      value: 'admin',
    });
  });

  it('keeps the id of a role that is renamed, and never gives it to another', async () => {
    const idOf = async (value: string) =>
      (await list(`/Roles?filter=value%20eq%20%22${value}%22`)).Resources.map(({ id }) => id);
    const [editor] = await idOf('editor');
    await renameRole(app.context, COMMAND_LINE, await present(), 'editor', 'author');
    await renameRole(app.context, COMMAND_LINE, await present(), 'author', 'writer');
    await addRole(app.context, COMMAND_LINE, await present(), { name: 'editor', default: false });
    await again();
    expect(await idOf('WRITER')).toEqual([editor]);
    const all = (await list('/Roles')).Resources.map(({ id }) => id);
    expect(new Set(all).size).toBe(4);
    await renameRole(app.context, COMMAND_LINE, await present(), 'editor', 'reader');
    await again();
    expect((await list('/Roles')).Resources.map(({ id }) => id)).toEqual(all);
    expect((await request('GET', `/Roles/${editor}`)).body).toMatchObject({ value: 'writer' });
  });

  it.each([
    ['', 3],
    ['filter=value eq "Admin"', ['admin']],
    ['filter=value co "e" and not (value sw "m")', ['editor']],
    ['filter=supported eq true and meta.resourceType eq "Role"', 3],
    ['filter=limitedAssignmentsPermitted eq true or totalAssignmentsUsed gt 0 or contains pr', []],
    ['sortBy=value&sortOrder=descending', ['member', 'editor', 'admin']],
    ['sortBy=display&count=2', ['admin', 'editor']],
    ['sortBy=display&count=2&startIndex=3', ['member']],
    ['sortBy=display&startIndex=9', []],
    ['count=0', []],
  ])('answers GET with %j as any other list', async (query, expected) => {
    const found = values(await list(`/Roles?${query.replaceAll(' ', '%20').replaceAll('"', '%22')}`));
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });

  it.each([
    '',
    '&sortBy=value',
    '&sortBy=value&sortOrder=descending',
    '&sortBy=type',
    '&sortBy=type&sortOrder=descending',
  ])('can be walked through by cursor, both ways, with %j', async (query) => {
    const whole = values(await list(`/Roles?count=100${query}`));
    const first = await list(`/Roles?count=2&cursor=${query}`);
    expect([first.totalResults, first.previousCursor]).toEqual([3, undefined]);
    const second = await list(`/Roles?count=2&cursor=${first.nextCursor}${query}`);
    expect([second.totalResults, second.nextCursor]).toEqual([3, undefined]);
    expect([...values(first), ...values(second)]).toEqual(whole);
    expect(values(await list(`/Roles?count=2&cursor=${second.previousCursor}${query}`))).toEqual(values(first));
    const forged = await request('GET', `/Entitlements?count=2&cursor=${first.nextCursor}${query}`);
    expect([forged.status, forged.body.scimType]).toEqual([400, 'invalidCursor']);
  });

  it('takes a search as a message', async () => {
    const asked = { schemas: [SEARCH_REQUEST], filter: 'value eq "member"', attributes: ['display'] };
    const { status, body } = await request('POST', '/Roles/.search', asked);
    expect([status, body.totalResults]).toEqual([200, 1]);
    expect(body.Resources).toMatchObject([{ display: 'member' }]);
  });

  it.each(['filter=colour eq "red"', 'filter=', 'sortBy=colour', 'sortBy=value&sortOrder=up', 'cursor=x&startIndex=1'])(
    'answers 400 to %j',
    async (query) => {
      expect((await request('GET', `/Roles?${query.replaceAll(' ', '%20')}`)).status).toBe(400);
    },
  );

  it('can only be read', async () => {
    for (const [method, path, allow] of [
      ['POST', '/Roles', 'GET, HEAD'],
      ['PUT', '/Roles/x', 'GET, HEAD'],
      ['PATCH', '/Entitlements/x', 'GET, HEAD'],
      ['DELETE', '/Roles/x', 'GET, HEAD'],
    ] as const) {
      const { status, headers } = await request(method, path, {});
      expect([status, headers.get('allow')]).toEqual([405, allow]);
    }
    const operations = [{ method: 'DELETE', path: '/Roles/x' }];
    const { body } = await request('POST', '/Bulk', bulk(operations));
    expect(body.Operations).toMatchObject([{ status: '405' }]);
    expect((await request('GET', '/Roles/x')).status).toBe(404);
  });

  it("has no list of what is the client's to choose, and says so", async () => {
    const named = (await request('GET', '/ServiceProviderConfig')).body.RolesAndEntitlements;
    expect(named).toEqual({
      roles: { supported: true, multipleRolesSupported: true, primarySupported: false, typeSupported: false },
      entitlements: {
        supported: false,
        multipleEntitlementsSupported: true,
        primarySupported: true,
        typeSupported: true,
      },
    });
    expect((await list('/Entitlements')).totalResults).toBe(0);
    tenant = await app.addTenant({ ...ON, profile: 'rfc' });
    expect((await list('/Roles')).totalResults).toBe(0);
    const open = (await request('GET', '/ServiceProviderConfig')).body.RolesAndEntitlements as JsonObject;
    expect(open.roles).toMatchObject({ supported: false, primarySupported: true, typeSupported: true });
  });

  it('is in discovery', async () => {
    for (const [name, endpoint, schema] of [
      ['Role', '/Roles', ROLE_SCHEMA],
      ['Entitlement', '/Entitlements', ENTITLEMENT_SCHEMA],
    ]) {
      expect((await request('GET', `/ResourceTypes/${name}`)).body).toMatchObject({ endpoint, schema });
      const { body } = await request('GET', `/Schemas/${schema}`);
      const attributes = body.attributes as JsonObject[];
      expect(attributes.map((attribute) => attribute.name)).toContain('supported');
      expect(attributes.filter(({ name, mutability }) => name !== 'externalId' && mutability !== 'readOnly')).toEqual(
        [],
      );
    }
    const { body } = await request('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig');
    const config = (body.attributes as JsonObject[]).map(({ name }) => name);
    expect(config).toContain('RolesAndEntitlements');
  });

  describe('while they are off', () => {
    beforeEach(async () => {
      tenant = await app.addTenant({ profile: 'role-object' });
    });

    it.each([
      ['GET', '/Roles'],
      ['GET', '/Entitlements'],
      ['GET', '/Roles/x'],
      ['GET', '/roles'],
      ['POST', '/Roles'],
      ['POST', '/Roles/.search'],
      ['DELETE', '/Entitlements/x'],
    ])('are not there: %s %s', async (method, path) => {
      const { status, headers, body } = await request(method, path, method === 'POST' ? {} : undefined);
      expect([status, headers.get('allow')]).toEqual([404, null]);
      expect(body.detail).toContain(`There is no endpoint /scim/v2${path}; /scim/v2/ResourceTypes lists those`);
    });

    it('leave no trace in discovery', async () => {
      for (const path of ['/ResourceTypes', '/Schemas', '/ServiceProviderConfig']) {
        expect((await request('GET', path)).text).not.toMatch(/Entitlement[^s]|2\.0:Role|RolesAndEntitlements/);
      }
    });
  });
});
