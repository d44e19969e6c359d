import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { adminOf, type Send, sender } from './admin.ts';

describeEachDatabase('/admin/tenants/{slug}/features', (open) => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/features`;
  });
  afterAll(() => app.close());
  const on = (body: JsonObject) => (body.features as JsonObject[]).filter((one) => one.on).map(({ name }) => name);
  const shown = async () => ((await admin('GET', `/tenants/${app.tenant.slug}`)).body.tenant as JsonObject).features;

  it('switches features on and off, at once, each by itself', async () => {
    const { status, body } = await admin('GET', path);
    expect([status, body.features]).toEqual([
      200,
      [
        { name: 'group-memberships', on: false, description: expect.any(String) },
        { name: 'roles-and-entitlements', on: false, description: expect.any(String) },
      ],
    ]);
    expect((await app.request('GET', '/Roles')).status).toBe(404);
    const switched = await admin('PUT', `${path}/roles-and-entitlements`);
    expect([switched.status, on(switched.body)]).toEqual([200, ['roles-and-entitlements']]);
    expect((await app.request('GET', '/Roles')).status).toBe(200);
    expect((await app.request('GET', '/GroupMemberships')).status).toBe(404);
    expect(on((await admin('PUT', `${path}/roles-and-entitlements`)).body)).toEqual(['roles-and-entitlements']);
    await admin('PUT', `${path}/group-memberships`);
    expect(await shown()).toEqual(['group-memberships', 'roles-and-entitlements']);
    expect(on((await admin('DELETE', `${path}/roles-and-entitlements`)).body)).toEqual(['group-memberships']);
    expect((await app.request('GET', '/Roles')).status).toBe(404);
    expect((await app.request('GET', '/GroupMemberships')).status).toBe(200);
    await admin('DELETE', `${path}/group-memberships`);
    expect(await shown()).toEqual([]);
  });

  it('is seen in discovery within the tenant only', async () => {
    const before = (await app.request('GET', '/ResourceTypes')).text;
    await app.addTenant({ features: ['group-memberships'] });
    expect((await app.request('GET', '/ResourceTypes')).text).toBe(before);
  });

  it('can be part of a new tenant', async () => {
    const slug = 'with-features';
    const { status, body } = await admin('POST', '/tenants', { slug, features: ['group-memberships'] });
    expect([status, (body.tenant as JsonObject).features]).toEqual([201, ['group-memberships']]);
    expect(on((await admin('GET', `/tenants/${slug}/features`)).body)).toEqual(['group-memberships']);
  });

  it('refuses a feature that there is not, naming those there are', async () => {
    for (const [method, where, body] of [
      ['PUT', `${path}/teleport`, undefined],
      ['DELETE', `${path}/toString`, undefined],
      ['POST', '/tenants', { slug: 'x', features: ['group-memberships', 'teleport'] }],
    ] as const) {
      const answer = await admin(method, where, body);
      expect([answer.status, answer.body.detail]).toEqual([
        400,
        expect.stringContaining('group-memberships, roles-and-entitlements'),
      ]);
    }
    expect((await admin('POST', '/tenants', { slug: 'x', features: 'group-memberships' })).status).toBe(400);
    expect((await admin('PUT', '/tenants/none/features/group-memberships')).status).toBe(404);
  });

  it('is for administrators only', async () => {
    expect((await sender(app, app.token)('PUT', `${path}/group-memberships`)).status).toBe(403);
    expect((await sender(app, undefined)('GET', path)).status).toBe(401);
  });
});
