import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { createRequestIds } from '../../src/directory/request-ids.ts';
import {
  createRequestLog,
  MAX_IN_STATEMENT,
  MAX_REFUSED_PER_MINUTE,
  type RequestLog,
} from '../../src/directory/request-log.ts';
import { MAX_REQUESTS, requestsAsked, requestWithId } from '../../src/directory/request-log-listing.ts';
import { changeRequestLog, clearRequestLog } from '../../src/directory/request-log-rules.ts';
import { createSweeper, SWEPT_AT_ONCE } from '../../src/directory/request-log-sweep.ts';
import { MAX_QUEUED, MAX_QUEUED_LENGTH } from '../../src/directory/request-queue.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type Tenant } from '../../src/directory/tenants.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { type Database, rows as rowsOf, type Storage } from '../../src/storage/database.ts';
import { sendBy } from '../../src/storage/handle.ts';
import { insertRequests } from '../../src/storage/insert-requests.ts';
import { type LoggedRequest, MAX_ROWS_SEARCHED, timeOf } from '../../src/storage/request-log.ts';
import { Ready } from '../../src/storage/statement-text.ts';
import { describeEachDatabase } from '../support/database.ts';
import { watchStatements } from '../support/statements.ts';
import { withoutTenant } from '../support/tenant-predicate.ts';

const DAY = 86_400_000;
const SETTINGS = { keep: 'bodies', days: 7, megabytes: 1 } as const;

describeEachDatabase('the log behind requests', (open) => {
  let storage: Storage;
  const clock = { at: Date.UTC(2026, 5, 1) };
  const contextOf = () => ({ ...systemContext(storage.db), clock: () => new Date(clock.at) });
  const warnings: string[] = [];
  const warn = (_: unknown, message: string) => void warnings.push(message);
  beforeAll(async () => {
    storage = await open();
  });

  const tenantOf = () =>
    createTenant(contextOf(), COMMAND_LINE, { slug: `t-${randomUUID().slice(0, 8)}`, profile: 'rfc' });
  const logOf = () => createRequestLog(contextOf(), SETTINGS, { warn });
  const idsNow = () => createRequestIds(() => new Date(clock.at), randomUUID);
  const ids = idsNow();

  function request(given: Partial<LoggedRequest> = {}): LoggedRequest {
    return {
      id: ids(),
      at: new Date(clock.at),
      requestId: randomUUID(),
      credential: '5rk0c2wq',
      method: 'GET',
      path: '/scim/v2/Users',
      route: '/scim/v2/Users',
      status: 200,
      scimType: '',
      microseconds: 1500,
      subjects: [],
      requestBody: '',
      responseBody: '{"totalResults":0}',
      details: '{}',
      missed: 0,
      ...given,
    };
  }

  async function found(tenant: Tenant, asked: Parameters<typeof requestsAsked>[2] = {}): Promise<JsonObject[]> {
    return (await requestsAsked(contextOf(), tenant, { limit: String(MAX_REQUESTS), ...asked }))
      .requests as JsonObject[];
  }

  const addAll = (log: RequestLog, tenant: Tenant, count: number) => {
    for (let index = 0; index < count; index++) log.add(tenant.id, request({ path: `/${index}` }));
  };

  it('is written with one statement a batch and tenant, each of which names the tenant', async () => {
    const [one, other] = [await tenantOf(), await tenantOf()];
    const log = logOf();
    addAll(log, one, MAX_IN_STATEMENT - 10);
    addAll(log, other, 15);
    const statements = watchStatements(storage);
    await log.close();
    const taken = statements.taken();
    expect(taken.filter((text) => text.includes('copy request_log'))).toHaveLength(3);
    expect(taken.flatMap(withoutTenant)).toEqual([]);
    expect((await found(one)).map(({ path }) => path)).toEqual(
      Array.from({ length: 90 }, (_, index) => `/${89 - index}`),
    );
    expect(await found(other)).toHaveLength(15);
  });

  it('gives no statement of its own to each that comes while others are written', async () => {
    const tenant = await tenantOf();
    let [copies, coming] = [0, 5];
    const db = Object.create(storage.db) as Database;
    sendBy(db, async <T>(text: string, parameters: readonly unknown[]) => {
      if (text.startsWith('copy request_log')) {
        copies++;
        if (coming-- > 0) addAll(log, tenant, 1);
      }
      return rowsOf<T>(storage.db, new Ready(text, [...parameters]));
    });
    const log = createRequestLog({ ...contextOf(), db }, SETTINGS, { warn });
    addAll(log, tenant, MAX_IN_STATEMENT + 1);
    await log.flush();
    // The second statement takes along what came during the first.
    expect([copies, (await found(tenant)).length]).toEqual([2, MAX_IN_STATEMENT + 2]);
    await log.close();
    expect(await found(tenant)).toHaveLength(MAX_IN_STATEMENT + 6);
  });

  it('writes what fills a statement without a wait', async () => {
    const tenant = await tenantOf();
    const log = logOf();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      addAll(log, tenant, MAX_IN_STATEMENT);
      await expect.poll(() => found(tenant), { interval: 5 }).toHaveLength(MAX_IN_STATEMENT);
    } finally {
      vi.useRealTimers();
      await log.close();
    }
  });

  it('keeps texts as they are, and empty ones', async () => {
    const tenant = await tenantOf();
    const whole = request({
      credential: '',
      path: '/a?b="c"\\,{}\'ü😀',
      requestBody: '{"a":"\\u001f\\u0000, NULL"}',
      responseBody: '',
    });
    await insertRequests(storage.db, tenant.id, [whole]);
    await insertRequests(storage.db, tenant.id, [request({ path: 'x\0y', subjects: ['a', 'b'] }), request()]);
    expect(await requestWithId(contextOf(), tenant, whole.id)).toMatchObject({
      id: whole.id,
      credential: null,
      path: whole.path,
    });
    expect((await found(tenant)).map(({ path }) => path)).toEqual(['/scim/v2/Users', 'x y', whole.path]);
  });

  it('keeps once what comes again because nobody heard that it was stored', async () => {
    const tenant = await tenantOf();
    const [first, second] = [request({ path: '/first' }), request({ path: '/second' })];
    await insertRequests(storage.db, tenant.id, [first]);
    await insertRequests(storage.db, tenant.id, [first, second]);
    expect((await found(tenant)).map(({ path }) => path).toSorted()).toEqual(['/first', '/second']);
  });

  it('counts what finds no room, and says so', async () => {
    const tenant = await tenantOf();
    const log = logOf();
    addAll(log, tenant, MAX_QUEUED + 3);
    await log.close();
    const all: JsonObject[] = [];
    for (let before: string | undefined; ; ) {
      const page = await requestsAsked(contextOf(), tenant, { limit: String(MAX_REQUESTS), ...(before && { before }) });
      all.push(...(page.requests as JsonObject[]));
      if (page.next === null) break;
      before = String(page.next);
    }
    expect(all).toHaveLength(MAX_QUEUED + 1);
    expect(all.filter(({ missed }) => missed !== undefined)).toEqual([
      { id: expect.any(String), at: expect.any(String), missed: 3, why: 'queue full' },
    ]);
  });

  it('bounds what waits by its length, too', async () => {
    const tenant = await tenantOf();
    const log = logOf();
    const half = JSON.stringify('x'.repeat(MAX_QUEUED_LENGTH / 2));
    for (let index = 0; index < 3; index++) log.add(tenant.id, request({ responseBody: half }));
    await log.close();
    expect((await found(tenant)).map(({ missed }) => missed).sort()).toEqual([2, undefined]);
  });

  it('keeps some refused requests a minute of tenants that there are, and none of others', async () => {
    const tenant = await tenantOf();
    const log = logOf();
    const nobody = randomUUID();
    for (let index = 0; index < MAX_REFUSED_PER_MINUTE + 5; index++) log.addRefused(tenant.id, request());
    for (let index = 0; index < MAX_REFUSED_PER_MINUTE + 5; index++) log.addRefused(nobody, request());
    await log.flush();
    const entries = await found(tenant);
    expect(entries).toHaveLength(MAX_REFUSED_PER_MINUTE + 1);
    expect(entries.find(({ missed }) => missed !== undefined)).toMatchObject({ missed: 5, why: 'too many refused' });
    clock.at += 60_000;
    log.addRefused(tenant.id, request());
    await log.close();
    expect(await found(tenant)).toHaveLength(MAX_REFUSED_PER_MINUTE + 2);
    const { rows } = (await storage.db.execute(
      sql`select 1 from request_log where tenant_id = ${nobody}`,
    )) as unknown as { rows: unknown[] };
    expect(rows).toEqual([]);
  });

  it('waits for a database that is away, and goes on then', async () => {
    const tenant = await tenantOf();
    let away = true;
    const db = Object.create(storage.db) as Database;
    sendBy(db, async <T>(text: string, parameters: readonly unknown[]) => {
      if (away) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
      return rowsOf<T>(storage.db, new Ready(text, [...parameters]));
    });
    const log = createRequestLog({ ...contextOf(), db }, SETTINGS, { warn });
    addAll(log, tenant, 3);
    await log.flush();
    expect(warnings.at(-1)).toBe('requests are not logged for now');
    away = false;
    await log.close();
    expect((await found(tenant)).map(({ path }) => path)).toEqual(['/2', '/1', '/0']);
  });

  it('gives up what can not be stored, and keeps the others', async () => {
    const tenant = await tenantOf();
    const log = logOf();
    log.add(tenant.id, request({ status: 10 ** 6 }));
    await log.flush();
    log.add(tenant.id, request());
    await log.close();
    const entries = await found(tenant);
    expect(entries.map(({ missed, why, status }) => [missed, why, status])).toEqual(
      expect.arrayContaining([
        [1, 'not storable', undefined],
        [undefined, undefined, 200],
      ]),
    );
  });

  it('tells at the end of what can not be stored, and comes to an end where nothing can', async () => {
    const tenant = await tenantOf();
    let copies = 0;
    let failing = 1;
    const db = Object.create(storage.db) as Database;
    sendBy(db, async <T>(text: string, parameters: readonly unknown[]) => {
      if (text.startsWith('copy request_log') && copies++ < failing) throw new Error('no');
      return rowsOf<T>(storage.db, new Ready(text, [...parameters]));
    });
    const logOver = () => createRequestLog({ ...contextOf(), db }, SETTINGS, { warn });
    const log = logOver();
    addAll(log, tenant, 3);
    await log.close();
    expect((await found(tenant)).map(({ missed, why }) => [missed, why])).toEqual([[3, 'not storable']]);
    [copies, failing] = [0, Number.POSITIVE_INFINITY];
    const another = logOver();
    addAll(another, tenant, 3);
    await another.close();
    expect([copies, (await found(tenant)).length]).toEqual([2, 1]);
  });

  describe('is searched', () => {
    let tenant: Tenant;
    const user = randomUUID();
    beforeAll(async () => {
      tenant = await tenantOf();
      const start = clock.at;
      const rows = [
        request({ path: '/a', status: 201, subjects: [user, 'grace@example.com'] }),
        request({ path: '/b', status: 404, credential: 'other123' }),
        request({ path: '/c', status: 409, scimType: 'uniqueness', responseBody: '{"detail":"Another User"}' }),
        request({ path: '/d', status: 503, details: '{"request":{"headers":{"user-agent":"Okta"}}}' }),
        request({ path: '/e', requestBody: '{"department":"100%_Navy"}', subjects: ['grace@example.com'] }),
      ].map((one, index) => {
        clock.at = start + index * 60_000;
        return { ...one, id: ids() };
      });
      await insertRequests(storage.db, tenant.id, rows);
    });
    const paths = async (asked: Parameters<typeof requestsAsked>[2]) =>
      (await found(tenant, asked)).map(({ path }) => path).join(' ');

    it('by status', async () => {
      expect(await paths({ status: '4xx' })).toBe('/c /b');
      expect(await paths({ status: '201, 5XX' })).toBe('/d /a');
      expect(await paths({ status: '599' })).toBe('');
    });

    it('by credential, resource and name', async () => {
      expect(await paths({ credential: 'other123' })).toBe('/b');
      expect(await paths({ user })).toBe('/a');
      expect(await paths({ user: 'Grace@Example.com' })).toBe('/e /a');
      expect(await paths({ user: 'grace' })).toBe('');
    });

    it('by text, which is no pattern', async () => {
      expect(await paths({ text: 'another user' })).toBe('/c');
      expect(await paths({ text: 'OKTA' })).toBe('/d');
      expect(await paths({ text: '100%_navy' })).toBe('/e');
      expect(await paths({ text: '1%' })).toBe('');
      expect(await paths({ text: '/b' })).toBe('/b');
    });

    it('by time', async () => {
      expect(await paths({ since: '2m' })).toBe('/e /d /c');
      expect(await paths({ since: '1h', until: '150s' })).toBe('/b /a');
      expect(await paths({ since: new Date(clock.at - 60_000).toISOString() })).toBe('/e /d');
    });

    it('by any instant that can be written, without an offset in UTC wherever the server stands', async () => {
      for (const zone of ['Pacific/Auckland', 'America/New_York']) {
        vi.stubEnv('TZ', zone);
        const asked = new Date(clock.at - 60_000).toISOString().slice(0, -1);
        expect([new Date().getTimezoneOffset() !== 0, await paths({ since: asked })]).toEqual([true, '/e /d']);
        expect(await paths({ until: asked })).toBe('/c /b /a');
      }
      vi.unstubAllEnvs();
      for (const first of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '999999d']) {
        expect([await paths({ since: first }), await paths({ until: first })]).toEqual(['/e /d /c /b /a', '']);
      }
      expect(await paths({ until: '9999-12-31T23:59:59.999999999' })).toBe('/e /d /c /b /a');
    });

    it('page by page, from either end', async () => {
      const first = await requestsAsked(contextOf(), tenant, { limit: '2' });
      expect((first.requests as JsonObject[]).map(({ path }) => path)).toEqual(['/e', '/d']);
      const second = await requestsAsked(contextOf(), tenant, { limit: '3', before: String(first.next) });
      expect([(second.requests as JsonObject[]).map(({ path }) => path), second.next]).toEqual([
        ['/c', '/b', '/a'],
        null,
      ]);
      const later = await requestsAsked(contextOf(), tenant, { after: String(first.next), limit: '5' });
      expect((later.requests as JsonObject[]).map(({ path }) => path)).toEqual(['/e']);
    });

    it.each([
      [{ status: '6xx' }, 'The status is "6xx"'],
      [{ status: '40' }, 'The status is "40"'],
      [{ since: 'yesterday' }, 'since is "yesterday"'],
      [{ limit: '0' }, 'The limit is "0"'],
      [{ limit: '1001' }, 'The limit is "1001"'],
      [{ before: 'x' }, '"x" is no id'],
      [{ text: '' }, 'text is ""'],
      [{ text: 'a\0b' }, 'text is'],
      [{ before: randomUUID(), after: randomUUID() }, 'before or after'],
    ])('but not by %j', async (asked, words) => {
      const refused = requestsAsked(contextOf(), tenant, asked);
      await expect(refused).rejects.toThrow(ScimError);
      await expect(refused).rejects.toThrow(words);
    });
  });

  it('is searched in parts, each of which says where it ended', async () => {
    const tenant = await tenantOf();
    const rows = Array.from({ length: MAX_ROWS_SEARCHED + 10 }, (_, index) =>
      request({ path: index === 4 ? '/needle' : '/hay' }),
    );
    for (let at = 0; at < rows.length; at += 1000)
      await insertRequests(storage.db, tenant.id, rows.slice(at, at + 1000));
    const first = await requestsAsked(contextOf(), tenant, { text: 'needle' });
    expect([first.requests, typeof first.next]).toEqual([[], 'string']);
    const second = await requestsAsked(contextOf(), tenant, { text: 'needle', before: String(first.next) });
    expect([(second.requests as JsonObject[]).map(({ path }) => path), second.next]).toEqual([['/needle'], null]);
    expect(await clearRequestLog(contextOf(), COMMAND_LINE, tenant)).toBe(MAX_ROWS_SEARCHED + 10);
    expect(await found(tenant)).toEqual([]);
  });

  it('is swept by age, of each tenant as it says', async () => {
    const [week, day] = [await tenantOf(), await tenantOf()];
    await changeRequestLog(contextOf(), COMMAND_LINE, day, { days: 1 });
    const start = clock.at;
    for (const tenant of [week, day]) {
      for (const age of [8, 2, 0]) {
        clock.at = start - age * DAY;
        await insertRequests(storage.db, tenant.id, [request({ id: idsNow()(), path: `/${age}` })]);
      }
      clock.at = start;
    }
    const sweeper = createSweeper(storage, () => new Date(clock.at), SETTINGS);
    expect(await sweeper.sweep()).toBeGreaterThanOrEqual(3);
    expect((await found(week)).map(({ path }) => path)).toEqual(['/0', '/2']);
    expect((await found(day)).map(({ path }) => path)).toEqual(['/0']);
    expect(await sweeper.sweep()).toBe(0);
  });

  it('is swept by size, the oldest first, whenever it may have grown', async () => {
    const tenant = await tenantOf();
    const sweeper = createSweeper(storage, () => new Date(clock.at), SETTINGS);
    const big = () => request({ responseBody: JSON.stringify('x'.repeat(99_800)) });
    await insertRequests(storage.db, tenant.id, Array.from({ length: 12 }, big));
    await sweeper.sweep();
    expect(await found(tenant)).toHaveLength(9);
    await insertRequests(storage.db, tenant.id, [big()]);
    sweeper.written(tenant.id, 49_000);
    await sweeper.sweep();
    expect(await found(tenant)).toHaveLength(10);
    sweeper.written(tenant.id, 51_000);
    await sweeper.sweep();
    expect(await found(tenant)).toHaveLength(9);
  });

  it('is swept in parts', async () => {
    const tenant = await tenantOf();
    const rows = Array.from({ length: SWEPT_AT_ONCE * 2 + 1 }, () => request());
    for (let at = 0; at < rows.length; at += 1000)
      await insertRequests(storage.db, tenant.id, rows.slice(at, at + 1000));
    clock.at += 8 * DAY;
    const statements = watchStatements(storage);
    await createSweeper(storage, () => new Date(clock.at), SETTINGS).sweep();
    const taken = statements.taken();
    expect(taken.filter((text) => text.startsWith('delete from request_log')).length).toBeGreaterThanOrEqual(3);
    expect(taken.flatMap(withoutTenant)).toEqual([]);
    expect(await found(tenant)).toEqual([]);
  });

  it('refuses rules that can not be followed', async () => {
    const tenant = await tenantOf();
    const refused = (rules: unknown) => expect(changeRequestLog(contextOf(), COMMAND_LINE, tenant, rules)).rejects;
    await refused({ keep: 'everything' }).toThrow('keep is "everything"; it needs one of bodies, headers, off.');
    await refused({ redact: ['shoeSize'] }).toThrow('"shoeSize" names no attribute');
    await refused({ redact: 'emails' }).toThrow('redact is "emails"; it needs an array');
    await refused({ days: 0 }).toThrow('days is 0; it needs a whole number');
    await refused({ colour: 1 }).toThrow('There is nothing called "colour"');
    await refused([]).toThrow('What was sent is []');
  });
});

describe('ids of requests', () => {
  it('are in order whatever the clock does, and of the time', () => {
    let at = 1000;
    const next = createRequestIds(
      () => new Date(at),
      () => '00000000-0000-7000-8000-0123456789ab',
    );
    const made = [next(), next()];
    at = 500;
    made.push(next());
    at = 2000;
    made.push(next());
    expect(made).toEqual([...made].sort());
    expect(made.map((id) => timeOf(id).getTime())).toEqual([1000, 1000, 1000, 2000]);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-0123456789ab$/);
  });
});
