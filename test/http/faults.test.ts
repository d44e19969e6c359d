import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delayOf } from '../../src/http/faults.ts';
import { createLogger } from '../../src/logger.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP } from '../../src/schema/urns.ts';
import { adminOf, type Send } from '../routes/admin/admin.ts';
import { type Answer, send, startApp, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { group, user } from '../support/directory.ts';

const clock = { at: Date.UTC(2026, 0, 1) };
const pinned = { context: { clock: () => new Date(clock.at) } };

const put = async (admin: Send, app: TestApp, faults: JsonObject): Promise<void> => {
  const { status, body } = await admin('PUT', `/tenants/${app.tenant.slug}/faults`, faults);
  expect([status, body]).toEqual([200, { faults }]);
};
const shownFaults = ({ headers }: Answer) => headers.get('x-rollcall-faults');

describe('faults', () => {
  let app: TestApp;
  let admin: Send;
  let log = '';
  beforeAll(async () => {
    const lines = new Writable({
      write(chunk, _, done) {
        log += String(chunk);
        done();
      },
    });
    app = await startEmbeddedApp({ profile: 'rfc', logger: createLogger('info', lines) });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());
  afterEach(async () => {
    expect((await admin('DELETE', `/tenants/${app.tenant.slug}/faults`)).status).toBe(204);
  });
  const get = (path = '/ServiceProviderConfig') => app.request('GET', path);
  const statuses = async (requests: number) => {
    const found: unknown[] = [];
    for (let request = 0; request < requests; request++) {
      found.push(
        await get().then(
          ({ status }) => status,
          () => 'dropped',
        ),
      );
    }
    return found;
  };

  it('are off by default, and leave no trace once they are cleared', async () => {
    const before = await get();
    expect([before.status, shownFaults(before)]).toEqual([200, null]);
    expect(before.body).not.toHaveProperty('documentationUri');
    await put(admin, app, { pageSize: 5 });
    expect((await admin('DELETE', `/tenants/${app.tenant.slug}/faults`)).status).toBe(204);
    const after = await get();
    expect([after.body, shownFaults(after)]).toEqual([before.body, null]);
  });

  it('are named in a header of every answer and in the documentation link, which leads to what they mean', async () => {
    await put(admin, app, {
      latency: { ms: 1, jitter: 2 },
      failures: [{ every: 1000, answer: 503, retryAfter: 7 }],
      stale: { ms: 50 },
      pageSize: 9,
    });
    const text = 'latency=1+2, every=1000:503:7, stale=50, page-size=9';
    for (const path of ['/ServiceProviderConfig', '/Users/none', '/nothing', '/Users?filter=']) {
      expect(shownFaults(await get(path))).toBe(text);
    }
    const link = String((await get()).body.documentationUri);
    expect(link).toBe(`${app.origin}/docs/faults#${encodeURIComponent(text)}`);
    const page = await fetch(link);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const words = await page.text();
    for (const name of ['latency', 'failures', 'expired', 'stale', 'pageSize']) expect(words).toContain(`\n${name}: `);
  });

  it('are played to one tenant only, and never to administrators and health checks', async () => {
    const { token } = await app.addTenant({ profile: 'rfc' });
    await put(admin, app, { failures: [{ every: 1, answer: 500 }], expired: true });
    expect((await get()).status).toBe(500);
    const other = await send(`${app.url}/ServiceProviderConfig`, 'GET', token);
    expect([other.status, shownFaults(other)]).toEqual([200, null]);
    expect((await admin('GET', '/tenants')).status).toBe(200);
    expect((await send(`${app.origin}/healthz`, 'GET', undefined)).status).toBe(200);
    const anonymous = await send(`${app.url}/Users`, 'GET', undefined);
    expect([anonymous.status, shownFaults(anonymous)]).toEqual([401, null]);
  });

  it('fail every n-th request, and carry out nothing of it', async () => {
    await put(admin, app, { failures: [{ every: 3, answer: 503, retryAfter: 2 }] });
    expect(await statuses(2)).toEqual([200, 200]);
    const failed = await app.request('POST', '/Users', user('never'));
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    expect(failed.headers.get('content-type')).toBe('application/scim+json');
    expect(failed.body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '503',
      detail:
        'The server is not available, as a fault that is played to every request of number 3; nothing was carried out.',
    });
    expect((await get('/Users?filter=userName eq "never"')).body.totalResults).toBe(0);
    expect(await statuses(3)).toEqual([200, 503, 200]);
  });

  it('fail in several ways beside each other, the first named first', async () => {
    await put(admin, app, {
      failures: [
        { every: 4, answer: 'drop' },
        { every: 2, answer: 429 },
        { every: 3, answer: 500 },
      ],
    });
    expect(await statuses(8)).toEqual([200, 429, 500, 'dropped', 200, 429, 200, 'dropped']);
    await put(admin, app, { failures: [{ every: 2, answer: 429 }] });
    const [, refused] = [await get(), await get()];
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('are no failures to the log', async () => {
    await put(admin, app, { failures: [{ every: 1, answer: 500 }] });
    log = '';
    await get();
    expect(log).toContain('"status":500');
    expect(log).not.toContain('request failed');
  });

  it('drop a connection without a word', async () => {
    await put(admin, app, { failures: [{ every: 1, answer: 'drop' }] });
    await expect(get()).rejects.toThrow('fetch failed');
    expect((await admin('GET', `/tenants/${app.tenant.slug}/faults`)).status).toBe(200);
  });

  it('have every credential expired until they are cleared', async () => {
    await put(admin, app, { expired: true });
    for (const path of ['/Users', '/ServiceProviderConfig', '/nothing']) {
      const { status, headers, body } = await get(path);
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="SCIM", error="invalid_token"']);
      expect(body.detail).toMatch(/^The token \w{8} has expired; use a live one\.$/);
    }
    await admin('DELETE', `/tenants/${app.tenant.slug}/faults`);
    expect((await get('/Users')).status).toBe(200);
  });

  it('make requests wait', async () => {
    const took = async () => {
      const before = performance.now();
      expect((await get()).status).toBe(200);
      return performance.now() - before;
    };
    await took();
    await put(admin, app, { latency: { ms: 150 } });
    expect(await took()).toBeGreaterThanOrEqual(148);
    expect(delayOf({ ms: 150 }, () => 1)).toBe(150);
    expect(delayOf({ ms: 150, jitter: 50 }, () => 0)).toBe(150);
    expect(delayOf({ ms: 150, jitter: 50 }, () => 0.999)).toBe(200);
  });

  it('leave pages that are no larger, and say so in the ServiceProviderConfig', async () => {
    for (const name of ['a', 'b', 'c']) await app.request('POST', '/Users', user(`page-${name}`));
    await put(admin, app, { pageSize: 2 });
    for (const path of ['/Users', '/Users?count=3', '/?count=1000', '/Users?cursor=&count=3']) {
      expect((await get(path)).body).toMatchObject({ totalResults: 3, itemsPerPage: 2 });
    }
    expect((await get('/Users?count=1')).body.itemsPerPage).toBe(1);
    const { filter, pagination } = (await get()).body;
    expect(filter).toMatchObject({ maxResults: 2 });
    expect(pagination).toMatchObject({ defaultPageSize: 2, maxPageSize: 2 });
    await put(admin, app, { pageSize: 5000 });
    expect((await get()).body.filter).toMatchObject({ maxResults: 1000 });
  });

  it('count against the rate limit, whose own refusals name them too', async () => {
    await admin('PUT', `/tenants/${app.tenant.slug}/rate-limit`, { perSecond: 1_000_000 });
    await put(admin, app, { failures: [{ every: 1, answer: 500 }] });
    const answer = await get();
    expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([500, '1000000']);
    await admin('PUT', `/tenants/${app.tenant.slug}/rate-limit`, { perSecond: null });
  });
});

describeEachDatabase('stale reads', (open) => {
  const LAG = 2000;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open(), profile: 'rfc', ...pinned });
    await put(await adminOf(app), app, { stale: { ms: LAG } });
  });
  afterAll(() => app.close());
  const made = async (message: JsonObject, path = '/Users') => {
    const { status, body } = await app.request('POST', path, message);
    expect(status).toBe(201);
    clock.at += LAG;
    return body as JsonObject & { id: string };
  };
  const patch = async (path: string, ...operations: JsonObject[]) => {
    const { status, body } = await app.request('PATCH', path, { schemas: [PATCH_OP], Operations: operations });
    expect(status).toBe(200);
    return body;
  };
  const named = async (userName: string) => {
    const { body } = await app.request('GET', `/Users?filter=userName sw "${userName}"`);
    return [body.totalResults, (body.Resources as JsonObject[]).map((found) => found.title ?? null)];
  };

  it('do not see what was just created', async () => {
    const { status, body } = await app.request('POST', '/Users', user('new'));
    expect(status).toBe(201);
    expect((await app.request('GET', `/Users/${body.id}`)).status).toBe(404);
    expect(await named('new')).toEqual([0, []]);
    expect((await app.request('GET', '/Users?cursor=')).body.Resources).toEqual([]);
    expect((await app.request('POST', '/Users', user('new'))).status).toBe(409);
    clock.at += LAG - 1;
    expect((await app.request('GET', `/Users/${body.id}`)).status).toBe(404);
    clock.at += 1;
    expect((await app.request('GET', `/Users/${body.id}`)).body).toEqual(body);
    expect(await named('new')).toEqual([1, [null]]);
  });

  it('see what was changed as it was that long ago, though the answer to the change shows it', async () => {
    const before = await made(user('changing', { title: 'first' }));
    const path = `/Users/${before.id}`;
    expect(await patch(path, { op: 'replace', path: 'title', value: 'second' })).toMatchObject({ title: 'second' });
    clock.at += LAG / 2;
    expect(await patch(path, { op: 'replace', path: 'title', value: 'third' })).toMatchObject({ title: 'third' });
    const stale = await app.request('GET', path);
    expect([stale.body, stale.headers.get('etag')]).toEqual([before, (before.meta as JsonObject).version]);
    expect(await named('changing')).toEqual([1, ['first']]);
    const conditional = { 'if-match': String(stale.headers.get('etag')) };
    const patched = await app.request('PUT', path, user('changing'), conditional);
    expect(patched.status).toBe(412);
    clock.at += LAG / 2;
    expect((await app.request('GET', path)).body).toMatchObject({ title: 'second' });
    clock.at += LAG / 2;
    expect((await app.request('GET', path)).body).toMatchObject({ title: 'third' });
    expect(await named('changing')).toEqual([1, ['third']]);
  });

  it('see what was deleted', async () => {
    const before = await made(user('leaving'));
    const path = `/Users/${before.id}`;
    expect((await app.request('DELETE', path)).status).toBe(204);
    expect((await app.request('GET', path)).body).toEqual(before);
    expect((await app.request('GET', `/Groups/${before.id}`)).status).toBe(404);
    expect((await app.request('DELETE', path)).status).toBe(404);
    clock.at += LAG;
    expect((await app.request('GET', path)).status).toBe(404);
  });

  it('see the members that a group had', async () => {
    const { id: ada } = await made(user('ada'));
    const { id: bob } = await made(user('bob'));
    const before = await made(group('team', [ada]), '/Groups');
    const path = `/Groups/${before.id}`;
    await patch(path, { op: 'add', path: 'members', value: [{ value: bob }] });
    expect((await app.request('GET', path)).body).toEqual(before);
    const { body } = await app.request('PUT', path, { schemas: [GROUP_SCHEMA], displayName: 'team' });
    expect(body).not.toHaveProperty('members');
    const { Resources } = (await app.request('GET', '/Groups')).body;
    expect(Resources).toEqual([before]);
    clock.at += LAG;
    expect((await app.request('GET', path)).body).toEqual(body);
  });

  it('are of one tenant', async () => {
    const { token } = await app.addTenant({ profile: 'rfc' });
    const { body } = await send(`${app.url}/Users`, 'POST', token, user('elsewhere'));
    expect((await send(`${app.url}/Users/${body.id}`, 'GET', token)).status).toBe(200);
  });
});
