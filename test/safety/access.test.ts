import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP } from '../../src/schema/urns.ts';
import { exchange, parseAnswer } from '../http/raw.ts';
import { send, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { message, type Side, sideOf, twoTenants } from './two-tenants.ts';

describeEachDatabase('a stranger', (open) => {
  let app: TestApp;
  let victim: Side;
  let attacker: Side;
  let secretName: string;
  beforeAll(async () => {
    ({ app, victim, attacker } = await twoTenants(await open(), 'role-object'));
    const id = await victim.user();
    secretName = String((await victim.read(id)).userName);
  });
  afterAll(() => app.close());

  // CVE-2026-32130 (an encoded path goes around the check), CVE-2025-4210 (no check at all), ToolJet 16217 (an empty bearer),
  // default keys such as "secret".
  describe('without a credential', () => {
    const PATHS = [
      '/scim/v2/Users',
      '/scim/v2/%55sers',
      '/scim%2fv2%2fUsers',
      '/%73cim/v2/Users',
      '//scim/v2/Users',
      '/scim//v2//Users',
      '/./scim/v2/Users',
      '/healthz/../scim/v2/Users',
      '/healthz/%2e%2e/scim/v2/Users',
      '/healthz/..%2fscim/v2/Users',
      '/scim/v2/Users;a=b',
      '/scim/v2/Users%00',
      '/scim/v2/Users%20',
      '/scim/v2/Users/.search',
      '/SCIM/V2/USERS',
      '/scim/v2/Users?access_token=x',
      '/t/none/scim/v2/Users',
      '/admin/tenants',
      '/%61dmin/tenants',
      '/admin%2ftenants',
      '//admin//tenants/',
      '/admin/tenants/../tenants',
    ];
    it.each(PATHS)('gets nothing at %s', async (path) => {
      for (const header of [
        '',
        'authorization: \r\n',
        'authorization: Bearer \r\n',
        'authorization: Bearer null\r\n',
      ]) {
        const raw = await exchange(app.origin, `GET ${path} HTTP/1.1\r\nhost: x\r\n${header}connection: close\r\n\r\n`);
        const { status, body } = parseAnswer(raw);
        expect([400, 401, 404], `${path} ${header}`).toContain(status);
        expect(body).not.toContain(secretName);
        expect(body).not.toContain(victim.tenant.id);
      }
    });

    it.each([
      'Bearer',
      'Bearer undefined',
      'Bearer secret',
      'Bearer changeme',
      'Bearer admin',
      'Bearer  ',
      'Basic Og==',
      'Basic YWRtaW46YWRtaW4=',
      'Digest x',
      'null',
      '[object Object]',
    ])('is not let in by "%s"', async (authorization) => {
      for (const path of ['/scim/v2/Users', `/t/${victim.tenant.slug}/scim/v2/Users`, '/admin/tenants']) {
        const { status } = await send(`${app.origin}${path}`, 'GET', undefined, undefined, { authorization });
        expect(status).toBe(401);
      }
    });

    it('is not let in by a part of a token, another case of it, or one with something added', async () => {
      const { token } = victim;
      const parts = token.split('.');
      const tries = [
        token.slice(0, -1),
        `${token}x`,
        token.toUpperCase(),
        parts.slice(0, 3).join('.'),
        `${parts.slice(0, 3).join('.')}.`,
        parts.at(-1) ?? '',
        `${parts.slice(0, 3).join('.')}.${'A'.repeat(43)}`,
        `${attacker.token.split('.').slice(0, 2).join('.')}.${parts.slice(2).join('.')}`,
      ];
      for (const tried of tries) expect((await send(`${app.url}/Users`, 'GET', tried)).status).toBe(401);
    });
  });

  // CVE-2026-46425, GHSA-j8v8-g9cx-5qf4 (others' tokens renewed), CVE-2019-11278, CVE-2026-40172, CVE-2026-43640.
  describe('with a credential for less', () => {
    it('administers nothing, and issues, renews or revokes no token', async () => {
      const { slug } = victim.tenant;
      const prefix = victim.token.split('.')[2];
      const calls = [
        ['POST', '/tenants', { slug: 'mine' }],
        ['GET', '/tenants', undefined],
        ['POST', `/tenants/${slug}/tokens`, { scopes: ['admin'] }],
        ['POST', `/tenants/${slug}/tokens/${prefix}/replace`, undefined],
        ['POST', `/tenants/${slug}/tokens/${prefix}/rotate`, undefined],
        ['DELETE', `/tenants/${slug}/tokens/${prefix}`, undefined],
        ['PUT', `/tenants/${slug}/owner`, { userName: secretName }],
        ['GET', `/tenants/${slug}/events`, undefined],
      ] as const;
      for (const side of [victim, attacker]) {
        for (const [method, path, body] of calls) {
          const { status } = await send(`${app.origin}/admin${path}`, method, side.token, body);
          expect(status, `${method} ${path}`).toBe(403);
        }
      }
      expect((await victim.call('GET', '/Users?count=1')).status).toBe(200);
    });

    it('may do no more by what it writes into users, groups or requests', async () => {
      const reading = await app.issueToken(victim.tenant, { scopes: ['scim:read'] });
      const id = await victim.user();
      for (const [method, path, body] of [
        ['POST', '/Users', message()],
        ['PUT', `/Users/${id}`, message()],
        ['PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'title' }] }],
        ['DELETE', `/Users/${id}`, undefined],
        ['POST', '/Bulk', { schemas: [], Operations: [] }],
      ] as const) {
        expect((await send(`${app.url}${path}`, method, reading, body)).status).toBe(403);
      }
      const overriding = { 'x-http-method-override': 'DELETE', 'x-original-url': `/scim/v2/Users/${id}` };
      const read = await send(`${app.url}/Users/${id}`, 'GET', reading, undefined, overriding);
      expect([read.status, read.body.id]).toEqual([200, id]);
      // Attributes of a user give its token nothing: what it may do is in the token.
      const { userName } = await victim.read(id);
      const bound = await app.issueToken(victim.tenant, { user: String(userName), scopes: ['scim:read'] });
      await victim.patch(`/Users/${id}`, { op: 'add', path: 'entitlements', value: [{ value: 'admin' }] });
      await victim.group(id);
      expect((await send(`${app.origin}/admin/tenants`, 'GET', bound)).status).toBe(403);
      expect((await send(`${app.url}/Users`, 'POST', bound, message())).status).toBe(403);
    });

    it('cannot remove the owner on any way, nor suspend one where the profile says so', async () => {
      const admin = await app.issueToken(app.tenant, { scopes: ['admin'] });
      const careful = { name: 'careful', extends: 'role-object', protectOwner: 'delete-and-deactivate' };
      for (const profile of ['role-object', careful]) {
        const side = sideOf(app, await app.addTenant({ profile }));
        const id = await side.user({ externalId: 'the-owner' });
        const before = await side.read(id);
        const { userName } = before;
        const made = await send(`${app.origin}/admin/tenants/${side.tenant.slug}/owner`, 'PUT', admin, { userName });
        expect(made.status).toBe(200);
        const suspended = message({ userName: String(userName), active: false });
        const suspending = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] };
        for (const address of [id, 'the-owner']) {
          const path = `/Users/${address}`;
          expect((await side.call('DELETE', path)).status).toBe(403);
          expect(await side.bulk({ method: 'DELETE', path })).toMatchObject([{ status: '403' }]);
          if (profile !== careful) continue;
          expect((await side.call('PUT', path, suspended)).status).toBe(403);
          expect((await side.call('PATCH', path, suspending)).status).toBe(403);
          expect((await side.patch(path, { op: 'replace', value: { active: 'False' } })).status).toBe(403);
          const results = await side.bulk(
            { method: 'PUT', path, data: suspended },
            { method: 'PATCH', path, data: suspending },
          );
          expect(results.map(({ status }) => status)).toEqual(['403', '403']);
        }
        expect(await side.read(id)).toEqual(before);
      }
    });
  });

  // CVE-2019-11268, CVE-2026-91998 (another tenant's accounts), and others of the kind.
  describe('with a credential of another tenant', () => {
    let id: string;
    let group: string;
    beforeAll(async () => {
      id = await victim.user();
      group = await victim.group(id);
    });

    it('reaches nothing by its id, path, header or body', async () => {
      const before = [await victim.read(id), (await victim.call('GET', `/Groups/${group}`)).body];
      const patching = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'displayName', value: 'taken' }] };
      const targets: [string, JsonObject][] = [
        [`/Users/${id}`, message({ displayName: 'taken' })],
        [`/Groups/${group}`, { schemas: [GROUP_SCHEMA], displayName: 'taken' }],
      ];
      for (const [path, data] of targets) {
        expect((await attacker.call('GET', path)).status).toBe(404);
        expect((await attacker.call('PUT', path, data)).status).toBe(404);
        expect((await attacker.call('PATCH', path, patching)).status).toBe(404);
        expect((await attacker.call('DELETE', path)).status).toBe(404);
        const results = await attacker.bulk(
          { method: 'PATCH', path, data: patching },
          { method: 'PUT', path, data },
          { method: 'DELETE', path },
        );
        expect(results.map(({ status }) => status)).toEqual(['404', '404', '404']);
      }
      const { slug, id: tenantId } = victim.tenant;
      for (const headers of [
        { 'x-tenant': slug },
        { 'x-tenant-id': tenantId },
        { 'x-forwarded-prefix': `/t/${slug}` },
      ]) {
        const { status } = await send(`${app.url}/Users/${id}`, 'GET', attacker.token, undefined, headers);
        expect(status).toBe(404);
      }
      expect((await send(`${app.origin}/t/${slug}/scim/v2/Users`, 'GET', attacker.token)).status).toBe(403);
      const posted = await attacker.call('POST', '/Users', message({ tenantId, tenant_id: tenantId, tenant: slug }));
      expect((await victim.call('GET', `/Users/${posted.body.id}`)).status).toBe(404);
      expect([await victim.read(id), (await victim.call('GET', `/Groups/${group}`)).body]).toEqual(before);
    });

    it('finds nothing by any filter, search, sort or cursor', async () => {
      const filters = [`id eq "${id}"`, `not (id eq "x")`, `userName pr or userName eq "${secretName}"`, `id pr`];
      for (const filter of filters) {
        const query = new URLSearchParams({ filter, sortBy: 'userName' });
        for (const path of ['/Users', '/Groups', '/']) {
          const { text } = await attacker.call('GET', `${path}?${query}`);
          for (const secret of [id, group, secretName]) expect(text.replaceAll(filter, '')).not.toContain(secret);
        }
      }
      const groups = await attacker.call(
        'GET',
        `/Users?${new URLSearchParams({ filter: `groups.value eq "${group}"` })}`,
      );
      expect(groups.body.totalResults ?? 0).toBe(0);
      const { body } = await victim.call('GET', '/Users?cursor&count=1');
      const foreign = await attacker.call(
        'GET',
        `/Users?count=1&cursor=${encodeURIComponent(String(body.nextCursor))}`,
      );
      expect(foreign.status).toBe(400);
    });

    it('can make no member, manager or owner of it', async () => {
      const own = await attacker.group();
      for (const [path, value] of [
        [`/Groups/${own}`, [{ value: id }]],
        [`/Groups/${own}`, [{ value: group }]],
      ] as const) {
        await attacker.patch(path, { op: 'add', path: 'members', value: [...value] });
      }
      const { members = [] } = (await attacker.call('GET', `/Groups/${own}`)).body;
      expect(members).toEqual([]);
      const made = await attacker.call('POST', '/Groups', {
        schemas: [GROUP_SCHEMA],
        displayName: 'x',
        members: [{ value: id }],
      });
      expect(JSON.stringify((made.body as JsonObject).members ?? [])).not.toContain(id);
      expect((await victim.read(id)).groups).toEqual([expect.objectContaining({ value: group })]);
    });
  });
});
