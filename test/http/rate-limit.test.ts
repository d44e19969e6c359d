import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rateLimitOf } from '../../src/access/rate-limit.ts';
import { PROFILES } from '../../src/profiles/index.ts';
import { PLANS, REST_SURFACES } from '../../src/profiles/profile.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { adminOf, type Send } from '../routes/admin/admin.ts';
import { type Answer, send, startApp, startEmbeddedApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

/** What the IPSIE profile asks of a server for each tenant, and what the galleries of identity providers test. */
const NEVER_REFUSED = 25;

const HEADERS = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'] as const;
const headersOf = ({ headers }: Answer) => HEADERS.map((name) => headers.get(name));
const get = (url: string, token: string, path = '/ServiceProviderConfig') => send(`${url}${path}`, 'GET', token);

const clock = { at: Date.UTC(2026, 0, 1) };
const rateClock = () => new Date(clock.at);
const nextSecond = () => {
  clock.at += 1000;
};

describe('the rate limit of a tenant', () => {
  let app: TestApp;
  let admin: Send;
  beforeAll(async () => {
    app = await startEmbeddedApp({ profile: 'rfc', context: { rateClock } });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());
  const limited = async (perSecond: number, profile = 'rfc', plan = 'enterprise'): Promise<TestTenant> => {
    const made = await app.addTenant({ profile, plan });
    const { status } = await admin('PUT', `/tenants/${made.tenant.slug}/rate-limit`, { perSecond });
    expect(status).toBe(200);
    return made;
  };

  it('refuses the first request that is too much, and takes it in the next second', async () => {
    const { tenant, token } = await limited(3);
    for (const left of ['2', '1', '0']) {
      const answer = await get(app.url, token);
      expect([answer.status, ...headersOf(answer)]).toEqual([200, '3', left, '1', null]);
    }
    const refused = await get(app.url, token);
    expect([refused.status, ...headersOf(refused)]).toEqual([429, '3', '0', '1', '1']);
    expect(refused.headers.get('content-type')).toBe('application/scim+json');
    expect(refused.body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '429',
      detail: `More than 3 requests in this second, which is the limit of the tenant ${tenant.slug}; send fewer, and this one again in the next second.`,
    });
    nextSecond();
    expect((await get(app.url, token)).status).toBe(200);
  });

  it('is shared by its credentials, and by no other tenant', async () => {
    const { tenant, token } = await limited(2);
    const other = await app.issueToken(tenant);
    expect((await get(app.url, token)).status).toBe(200);
    expect((await get(app.url, other)).status).toBe(200);
    expect((await get(app.url, token)).status).toBe(429);
    expect((await get(app.url, other)).status).toBe(429);
    expect((await get(app.url, app.token)).status).toBe(200);
  });

  it('is one for each credential where the profile says so, without headers where it has none', async () => {
    const { tenant, token } = await limited(1, 'modern-treasury');
    const other = await app.issueToken(tenant);
    for (const one of [token, other]) {
      const answer = await get(app.url, one);
      expect([answer.status, ...headersOf(answer)]).toEqual([200, null, null, null, null]);
    }
    const refused = await get(app.url, token);
    expect([refused.status, ...headersOf(refused)]).toEqual([429, null, null, null, null]);
    const [, prefix] = /here (\w{8});/.exec(String(refused.body.detail)) ?? [];
    expect(refused.body.detail).toContain('1 request in this second, which is the limit of each credential');
    expect(prefix).toBeDefined();
    expect(token).toContain(String(prefix));
  });

  it('is told without Retry-After where the profile has none', async () => {
    const { token } = await limited(1, 'messagebird');
    expect(headersOf(await get(app.url, token))).toEqual(['1', '0', '1', null]);
    const refused = await get(app.url, token);
    expect([refused.status, ...headersOf(refused)]).toEqual([429, '1', '0', '1', null]);
  });

  it('counts whatever is answered, and is told with every answer', async () => {
    const { token } = await limited(4);
    for (const [path, status, left] of [
      ['/Users/none', 404, '3'],
      ['/nothing', 404, '2'],
      ['/Users?filter=', 400, '1'],
      ['/ServiceProviderConfig?filter=x', 403, '0'],
      ['/nothing', 429, '0'],
    ] as const) {
      const answer = await get(app.url, token, path);
      expect([answer.status, answer.headers.get('ratelimit-remaining')]).toEqual([status, left]);
    }
  });

  it('counts what the credential may not do, and whose tenant the path does not name', async () => {
    const { tenant } = await limited(3);
    const reader = await app.issueToken(tenant, { readOnly: true });
    const post = () => send(`${app.url}/Users`, 'POST', reader, {});
    const elsewhere = () => get(`${app.origin}/t/${app.tenant.slug}/scim/v2`, reader);
    for (const [ask, status, left] of [
      [post, 403, '2'],
      [elsewhere, 403, '1'],
      [post, 403, '0'],
      [post, 429, '0'],
      [elsewhere, 429, '0'],
    ] as const) {
      const answer = await ask();
      expect([answer.status, answer.headers.get('ratelimit-remaining')]).toEqual([status, left]);
    }
  });

  it('counts what a key of another kind asks of a REST API', async () => {
    const { tenant } = await limited(1, 'messagebird');
    const key = await app.issueToken(tenant, { api: 'rest', kind: 'personal' });
    const ask = () =>
      send(`${app.origin}${REST_SURFACES.messagebird}`, 'GET', undefined, undefined, {
        authorization: `AccessKey ${key}`,
      });
    for (const status of [403, 429]) {
      const answer = await ask();
      expect([answer.status, answer.headers.get('ratelimit-remaining')]).toEqual([status, '0']);
    }
  });

  it('counts a /Bulk as one request', async () => {
    const { token } = await limited(1);
    const operation = (n: number) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${n}`,
      data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `bulk-${n}` },
    });
    const { status, body } = await send(`${app.url}/Bulk`, 'POST', token, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [operation(1), operation(2)],
    });
    expect([status, (body.Operations as JsonObject[]).map((one) => one.status)]).toEqual([200, ['201', '201']]);
    expect((await get(app.url, token)).status).toBe(429);
  });

  it('is not spent by who is not let in, and does not hold up administrators', async () => {
    const { tenant, token } = await limited(1);
    expect((await get(app.url, `${token}x`)).status).toBe(401);
    expect((await get(app.url, token)).status).toBe(200);
    expect((await get(app.url, token)).status).toBe(429);
    const issued = await app.issueToken(tenant, { scopes: ['admin'] });
    expect((await send(`${app.origin}/admin/tenants`, 'GET', issued)).status).toBe(200);
    expect((await send(`${app.origin}/healthz`, 'GET', undefined)).status).toBe(200);
  });

  it('follows the plan until another is agreed on, and again when that is taken back', async () => {
    const { tenant } = await app.addTenant({ profile: 'messagebird', plan: 'free' });
    const put = async (perSecond: unknown) => {
      const { status, body } = await admin('PUT', `/tenants/${tenant.slug}/rate-limit`, { perSecond });
      return status === 200 ? (body.tenant as JsonObject).rateLimit : [status, body.detail];
    };
    const shown = async () => ((await admin('GET', `/tenants/${tenant.slug}`)).body.tenant as JsonObject).rateLimit;
    const byPlan = { perSecond: 100, per: 'tenant', from: 'profile' };
    expect(await shown()).toEqual(byPlan);
    expect(await put(1_000_000)).toEqual({ perSecond: 1_000_000, per: 'tenant', from: 'tenant' });
    expect(await put(1)).toEqual({ perSecond: 1, per: 'tenant', from: 'tenant' });
    for (const wrong of [0, -1, 1.5, 1_000_001, '5', true, {}]) {
      expect(await put(wrong)).toEqual([400, expect.stringContaining('from 1 to 1000000')]);
    }
    expect(await put(undefined)).toEqual([400, 'perSecond is missing; send it.']);
    const exact = await admin('PUT', `/tenants/${tenant.slug}/rate-limit`, '{"perSecond":99999999999999999999}');
    expect([exact.status, exact.body.detail]).toEqual([400, expect.stringMatching(/^9{20} is no limit/)]);
    expect(await put(null)).toEqual(byPlan);
    expect((await admin('PUT', `/tenants/${tenant.slug}/plan`, { plan: 'starter' })).body.tenant).toMatchObject({
      rateLimit: { perSecond: 300 },
    });
    expect((await admin('PUT', '/tenants/none/rate-limit', { perSecond: 5 })).status).toBe(404);
  });

  it('is in the ServiceProviderConfig, where there is one', async () => {
    const { token } = await limited(7);
    expect((await get(app.url, token)).body.rateLimit).toEqual({ requestsPerSecond: 7, countedPer: 'tenant' });
    expect((await get(app.url, app.token)).body).not.toHaveProperty('rateLimit');
  });

  it('costs a tenant that has none no statement and no header', async () => {
    await get(app.url, app.token);
    const { $client } = app.context.db as unknown as { $client: PGlite };
    const query = vi.spyOn($client, 'query');
    try {
      const answer = await get(app.url, app.token);
      expect([answer.status, ...headersOf(answer)]).toEqual([200, null, null, null, null]);
      expect(query).not.toHaveBeenCalled();
      const { token } = await limited(5);
      query.mockClear();
      await get(app.url, token);
      expect(query).toHaveBeenCalled();
    } finally {
      query.mockRestore();
    }
  });

  it(`never refuses ${NEVER_REFUSED} requests in a second by default`, async () => {
    for (const profile of PROFILES) {
      for (const plan of PLANS) {
        const limit = rateLimitOf({ plan, rateLimit: undefined }, profile);
        expect(limit?.perSecond ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(NEVER_REFUSED);
      }
    }
    const answers = await Promise.all(Array.from({ length: 2 * NEVER_REFUSED }, () => get(app.url, app.token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describeEachDatabase('the rate limit of a tenant on two servers', (open) => {
  it('is one for both', async () => {
    const storage = await open();
    const here = await startApp({ storage, profile: 'rfc', context: { rateClock } });
    const there = await startApp({ storage, profile: 'rfc', context: { rateClock } });
    try {
      const admin = await adminOf(here);
      await admin('PUT', `/tenants/${here.tenant.slug}/rate-limit`, { perSecond: 30 });
      for (const { url } of [here, there]) expect((await get(url, here.token)).status).toBe(200);
      const urls = Array.from({ length: 70 }, (_, at) => (at % 2 === 0 ? here.url : there.url));
      const answers = await Promise.all(urls.map((url) => get(url, here.token)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(28);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(42);
    } finally {
      await here.close();
      await there.close();
    }
  });
});
