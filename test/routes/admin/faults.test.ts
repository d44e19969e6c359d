import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  MAX_EVERY,
  MAX_FAILURES,
  MAX_FAULT_PAGE_SIZE,
  MAX_LATENCY_MS,
  MAX_RETRY_AFTER_SECONDS,
  MAX_STALE_MS,
} from '../../../src/profiles/faults.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { adminOf, type Send, sender } from './admin.ts';

const failures = (length: number) => Array.from({ length }, () => ({ every: 5, answer: 500 }));

describeEachDatabase('/admin/tenants/{slug}/faults', (open) => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/faults`;
  });
  afterAll(() => app.close());
  const overview = async () => (await admin('GET', `/tenants/${app.tenant.slug}`)).body.tenant as JsonObject;

  it('sets, shows, replaces and clears them', async () => {
    expect((await admin('GET', path)).body).toEqual({ faults: null });
    expect(await overview()).not.toHaveProperty('faults');
    const faults = { latency: { ms: 20 }, failures: [{ every: 5, answer: 'drop' }], expired: true };
    const set = await admin('PUT', path, faults);
    expect([set.status, set.body]).toEqual([200, { faults }]);
    expect((await admin('GET', path)).body).toEqual({ faults });
    expect((await overview()).faults).toEqual(faults);
    await admin('PUT', path, { pageSize: 3, expired: false });
    expect((await admin('GET', path)).body).toEqual({ faults: { pageSize: 3 } });
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('GET', path)).body).toEqual({ faults: null });
    expect((await admin('DELETE', path)).status).toBe(204);
  });

  it.each<[JsonObject]>([
    [{ latency: { ms: 0, jitter: MAX_LATENCY_MS } }],
    [{ latency: { ms: MAX_LATENCY_MS, jitter: 0 } }],
    [{ failures: failures(MAX_FAILURES) }],
    [{ failures: [{ every: MAX_EVERY, answer: 429, retryAfter: MAX_RETRY_AFTER_SECONDS }] }],
    [{ failures: [{ every: 1_000, answer: 503, retryAfter: 0 }] }],
    [{ stale: { ms: MAX_STALE_MS } }],
    [{ stale: { ms: 1 }, pageSize: 1 }],
    [{ pageSize: MAX_FAULT_PAGE_SIZE }],
  ])('takes %j', async (faults) => {
    const { status, body } = await admin('PUT', path, faults);
    expect([status, body]).toEqual([200, { faults }]);
  });

  it.each([
    ['{"latency":{"ms":99999999999999999999}}', 'latency.ms is 99999999999999999999;'],
    ['{"latency":{"ms":1e999}}', 'latency.ms is 1e999;'],
  ])('quotes the number as it was sent: %s', async (json, detail) => {
    const answer = await admin('PUT', path, json);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(detail)]);
  });

  it.each<[unknown, string]>([
    [
      { latency: { ms: MAX_LATENCY_MS + 1 } },
      'latency.ms is 120001; it needs a whole number of milliseconds from 0 to 120000.',
    ],
    [{ latency: { ms: -1 } }, 'latency.ms is -1'],
    [{ latency: { ms: 1.5 } }, 'latency.ms is 1.5'],
    [{ latency: { ms: '5' } }, 'latency.ms is "5"'],
    [{ latency: { ms: 1, jitter: MAX_LATENCY_MS + 1 } }, 'latency.jitter is 120001'],
    [{ latency: { jitter: 5 } }, 'latency.ms is missing; it needs a whole number'],
    [{ latency: 200 }, 'latency is 200; it needs an object such as {"ms": 200, "jitter": 50}.'],
    [{ latency: null }, 'latency is null'],
    [{ latency: { ms: 1, s: 1 } }, 'There is no fault "latency.s"; what can stand there is ms, jitter.'],
    [{ failures: [] }, 'failures is []; it needs an array of 1 to 10'],
    [{ failures: failures(MAX_FAILURES + 1) }, 'failures is'],
    [
      { failures: [{ every: 0, answer: 500 }] },
      'failures.0.every is 0; it needs a whole number of requests from 1 to 1000000.',
    ],
    [{ failures: [{ every: MAX_EVERY + 1, answer: 500 }] }, 'failures.0.every is 1000001'],
    [{ failures: [{ every: 2, answer: 404 }] }, 'failures.0.answer is 404; it needs one of 429, 500, 503, "drop".'],
    [{ failures: [{ every: 2 }] }, 'failures.0.answer is missing'],
    [
      { failures: [{ every: 2, answer: 429, retryAfter: MAX_RETRY_AFTER_SECONDS + 1 }] },
      'failures.0.retryAfter is 3601',
    ],
    [{ failures: [{ every: 2, answer: 500, retryAfter: 1 }] }, 'A failure that answers 500 has no Retry-After'],
    [
      { failures: [{ every: 2, answer: 500, often: 1 }] },
      '"failures.0.often"; what can stand there is every, answer, retryAfter.',
    ],
    [{ stale: { ms: 0 } }, 'stale.ms is 0; it needs a whole number of milliseconds from 1 to 60000.'],
    [{ stale: { ms: MAX_STALE_MS + 1 } }, 'stale.ms is 60001'],
    [{ pageSize: 0 }, 'pageSize is 0; it needs a whole number of resources from 1 to 10000.'],
    [{ pageSize: MAX_FAULT_PAGE_SIZE + 1 }, 'pageSize is 10001'],
    [{ expired: 'yes' }, 'expired is "yes"; it needs true or false.'],
    [
      { colour: 'red' },
      'There is no fault "colour"; what can stand there is latency, failures, expired, stale, pageSize.',
    ],
    [{}, 'No fault is on in that'],
    [{ expired: false }, 'No fault is on in that'],
    [[], 'What was sent is []'],
    ['null', 'No fault is on in that'],
    [undefined, 'The request has no body'],
  ])('refuses %j', async (faults, why) => {
    await admin('DELETE', path);
    const { status, body } = await admin('PUT', path, faults);
    expect(status).toBe(400);
    expect(body.detail).toContain(why);
    expect((await admin('GET', path)).body).toEqual({ faults: null });
  });

  it('answers for no tenant that is not there, and to nobody else', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { expired: true } : undefined;
      expect((await admin(method, '/tenants/none/faults', body)).status).toBe(404);
      expect((await sender(app, app.token)(method, path, body)).status).toBe(403);
    }
  });
});
