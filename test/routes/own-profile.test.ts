import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from '../../src/schema/urns.ts';
import { tenants } from '../../src/storage/tables.ts';
import { type Answer, send, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import { adminOf, type Send } from './admin/admin.ts';

const ACME = {
  name: 'acme-vendor',
  title: 'Acme, a vendor that nobody has heard of',
  extends: 'rfc',
  invalidInputStatus: 422,
  uniqueEmails: true,
  operations: { User: { replace: false }, Group: { delete: false }, bulk: false },
  paging: { defaultCount: 10, maxCount: 50 },
  quirks: { booleanStrings: false },
};

describeEachDatabase('a tenant with a profile of its own', (open) => {
  let app: TestApp;
  let admin: Send;
  let storage: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());

  type Request = (method: string, path: string, body?: unknown) => Promise<Answer>;

  async function newTenant(
    profile: JsonObject,
    more: JsonObject = {},
  ): Promise<{ tenant: JsonObject; request: Request }> {
    const slug = `t-${randomUUID()}`;
    const { status, body } = await admin('POST', '/tenants', { slug, profile, ...more });
    expect([status, body.detail]).toEqual([201, undefined]);
    const issued = await admin('POST', `/tenants/${slug}/tokens`, {});
    const token = String(issued.body.token);
    return {
      tenant: body.tenant as JsonObject,
      request: (method, path, sent) => send(`${app.url}${path}`, method, token, sent),
    };
  }

  it('shows what it deviates from, and in what', async () => {
    const { tenant } = await newTenant({ ...ACME, scim: true });
    expect(tenant).toMatchObject({
      profile: 'acme-vendor',
      ownProfile: {
        title: 'Acme, a vendor that nobody has heard of',
        extends: 'rfc',
        deviations: {
          invalidInputStatus: 422,
          uniqueEmails: true,
          'operations.User.replace': false,
          'operations.Group.delete': false,
          'operations.bulk': false,
          'paging.defaultCount': 10,
          'paging.maxCount': 50,
          'quirks.booleanStrings': false,
        },
      },
      roles: [],
    });
    expect((tenant.ownProfile as JsonObject).deviations).not.toHaveProperty('scim');
    expect((await admin('GET', `/tenants/${tenant.slug}`)).body).toEqual({ tenant });
  });

  it('is served as the profile says', async () => {
    const { request } = await newTenant(ACME);
    const emails = [{ value: 'ada@example.com', type: 'work' }];
    const { status, body } = await request('POST', '/Users', { ...user('ada'), emails });
    expect(status).toBe(201);
    const one = `/Users/${body.id}`;
    expect((await request('PUT', one, { ...body, displayName: 'Ada' })).status).toBe(501);
    expect((await request('GET', one)).body).not.toHaveProperty('displayName');
    expect((await request('POST', '/Users', { ...user('bob'), emails })).status).toBe(409);
    expect((await request('POST', '/Users', { ...user('bob'), active: 'False' })).status).toBe(422);
    expect((await request('POST', '/Users', { ...user('bob'), active: false })).status).toBe(201);
    expect((await request('POST', '/Bulk', {})).status).toBe(501);
    expect((await request('DELETE', one)).status).toBe(204);
  });

  it('gives pages of the size that the profile says', async () => {
    const { request } = await newTenant({ ...ACME, paging: { defaultCount: 2, maxCount: 3 } });
    for (const name of ['a', 'b', 'c', 'd']) expect((await request('POST', '/Users', user(name))).status).toBe(201);
    const page = async (query: string) => (await request('GET', `/Users${query}`)).body;
    expect(await page('')).toMatchObject({ totalResults: 4, itemsPerPage: 2 });
    expect(await page('?count=100')).toMatchObject({ totalResults: 4, itemsPerPage: 3 });
  });

  it('tells the truth in /ServiceProviderConfig', async () => {
    const { request } = await newTenant(ACME);
    const { body } = await request('GET', '/ServiceProviderConfig');
    expect(body).toMatchObject({
      schemas: expect.arrayContaining([SERVICE_PROVIDER_CONFIG_SCHEMA]),
      bulk: { supported: false },
      patch: { supported: true },
      filter: { supported: true, maxResults: 50 },
    });
  });

  it('has a REST surface, a sandbox and named roles where the profile gives it them', async () => {
    const { tenant } = await newTenant({
      name: 'acme-full',
      extends: 'modern-treasury',
      scimFromPlan: 'free',
      roles: 'named',
      rolesOut: 'names',
    });
    expect(tenant).toMatchObject({
      environment: 'live',
      roles: [{ name: 'admin' }, { name: 'member' }, { name: 'editor' }],
    });
    const sandbox = await admin('GET', `/tenants/${tenant.slug}-sandbox`);
    expect(sandbox.body.tenant).toMatchObject({
      profile: 'acme-full',
      ownProfile: tenant.ownProfile,
      environment: 'sandbox',
    });
    const added = await admin('POST', `/tenants/${tenant.slug}/roles`, { name: 'auditor' });
    expect(added.status).toBe(201);
    const issued = await admin('POST', `/tenants/${tenant.slug}/tokens`, { api: 'rest' });
    const key = Buffer.from(`${tenant.organization}:${issued.body.token}`).toString('base64');
    const listed = await send(`${app.origin}/api/users`, 'GET', undefined, undefined, {
      authorization: `Basic ${key}`,
    });
    expect(listed.status).toBe(200);
  });

  it.each([
    [{ ...ACME, pagin: {} }, 'did you mean paging?'],
    [{ ...ACME, name: 'messagebird' }, 'a profile that ships'],
    [{ ...ACME, extends: 'acme-vendor' }, 'extends takes the name of a profile that ships'],
    [{}, 'name is missing'],
    [[ACME], 'a JSON object'],
    [7, 'a JSON object'],
    [null, 'a JSON object'],
    ['acme-vendor', 'There is no profile "acme-vendor"'],
    [{ ...ACME, title: 'x'.repeat(20_000) }, 'characters of JSON'],
  ])('is refused with the reason, and not made', async (profile, reason) => {
    const slug = `t-${randomUUID()}`;
    const { status, body } = await admin('POST', '/tenants', { slug, profile });
    expect([status, body.detail]).toEqual([400, expect.stringContaining(reason)]);
    expect((await admin('GET', `/tenants/${slug}`)).status).toBe(404);
  });

  it('is out of order alone when a version can’t read its profile any more', async () => {
    const { tenant, request } = await newTenant(ACME);
    const other = await newTenant(ACME);
    // As a later version would find it that has another flag in the place of this one.
    const ownProfile = JSON.stringify({ ...ACME, formerFlag: true });
    await storage.db
      .update(tenants)
      .set({ ownProfile, updatedAt: new Date(Date.now() + 60_000) })
      .where(eq(tenants.id, String(tenant.id)));
    await admin('PUT', `/tenants/${tenant.slug}/plan`, { plan: 'pro' });
    const { status, body } = await request('GET', '/Users');
    expect([status, body.detail]).toEqual([500, expect.stringContaining('formerFlag is no flag of a profile')]);
    expect((await other.request('GET', '/Users')).status).toBe(200);
    const listed = (await admin('GET', '/tenants')).body.tenants as JsonObject[];
    const [found] = listed.filter(({ id }) => id === tenant.id);
    expect(found).toMatchObject({ profile: 'acme-vendor', profileProblem: expect.stringContaining('formerFlag') });
    expect(found).not.toHaveProperty('ownProfile');
  });
});
