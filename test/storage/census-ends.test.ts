import type { SQL } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, expect, it, vi } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/schema/urns.ts';
import { Censuses, MOST_COLUMNS } from '../../src/storage/censuses.ts';
import type { Storage } from '../../src/storage/database.ts';
import { insertEvents } from '../../src/storage/events.ts';
import { MOST_CHANGES } from '../../src/storage/followed-census.ts';
import { describeEachDatabase } from '../support/database.ts';
import { asking, eventOf, LIMITS, tenantOf, withExecute } from './census-fixtures.ts';

describeEachDatabase('censuses end', (open) => {
  let storage: Storage;
  let toldOf: ReturnType<typeof asking>['toldOf'];
  let granted: ReturnType<typeof asking>['granted'];
  beforeAll(async () => {
    storage = await open();
    ({ toldOf, granted } = asking(storage));
  });

  it('where there are too few to be worth one', async () => {
    const tenantId = await tenantOf(storage, 3);
    const [few, enough] = [4, 3].map((least) => new Censuses(storage.db, { ...LIMITS, least }));
    if (!few || !enough) return expect.fail();
    await granted(few, tenantId, undefined);
    await granted(enough, tenantId, undefined);
    expect(await toldOf(few, tenantId)).toBeUndefined();
    expect(await toldOf(enough, tenantId)).toBe(3);
  });

  it('where memory does: the one that was used longest ago is forgotten', async () => {
    const [first, second, third] = await Promise.all([
      tenantOf(storage, 1),
      tenantOf(storage, 1),
      tenantOf(storage, 1),
    ]);
    // Room for two chunks of ids.
    const censuses = new Censuses(storage.db, { ...LIMITS, bytes: 2 * 16_384 * 16 });
    await granted(censuses, first, undefined);
    await granted(censuses, second, undefined);
    expect(await toldOf(censuses, first)).toBe(1);
    await granted(censuses, third, undefined);
    expect(await toldOf(censuses, first)).toBe(1);
    expect(await toldOf(censuses, second)).toBeUndefined();
    expect(await toldOf(censuses, third)).toBe(1);
    // Its values have no place beside it.
    const small = new Censuses(storage.db, { ...LIMITS, bytes: 16_384 * 16 });
    await granted(small, first, undefined, 'title pr');
    expect(await toldOf(small, first)).toBe(1);
    expect(await toldOf(small, first, 'title pr')).toBeUndefined();
    const none = new Censuses(storage.db, { ...LIMITS, bytes: 16_384 * 16 - 1 });
    await granted(none, first, undefined);
    expect(await toldOf(none, first)).toBeUndefined();
  });

  it(`for attributes beyond ${MOST_COLUMNS}: what was used longest ago is forgotten`, async () => {
    const tenantId = await tenantOf(storage, 1);
    const censuses = new Censuses(storage.db, { ...LIMITS, rest: 3600 });
    const own = 'title userType nickName displayName profileUrl preferredLanguage locale timezone active';
    const parts = 'formatted familyName givenName middleName honorificPrefix honorificSuffix';
    const extended = ['department', 'division'].map((name) => `${ENTERPRISE_USER_SCHEMA}:${name}`);
    const names = [...own.split(' '), ...parts.split(' ').map((part) => `name.${part}`), ...extended];
    expect(names).toHaveLength(MOST_COLUMNS + 1);
    const filters = names.map((name) => `${name} pr`);
    await granted(censuses, tenantId, ...filters.slice(0, -1));
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(1);
    await granted(censuses, tenantId, ...filters.slice(-1));
    const told = await Promise.all(filters.map((filter) => toldOf(censuses, tenantId, filter)));
    // The first was used, so the second had to go, and is not told again at once.
    expect(told).toEqual([1, undefined, ...Array(names.length - 2).fill(0)]);
    await granted(censuses, tenantId, 'userType pr');
    expect(await toldOf(censuses, tenantId, 'userType pr')).toBeUndefined();
  });

  it('of values that a count has waited with, and of no others', async () => {
    const tenantId = await tenantOf(storage, 1);
    let now = Date.now();
    let hold: Promise<void> | undefined;
    const execute = async (query: SQL) => {
      if (JSON.stringify(query).includes('from events e')) await hold;
      return storage.db.execute(query);
    };
    const db = withExecute(storage, execute);
    const censuses = new Censuses(db, { ...LIMITS, age: 2, bytes: 16_384 * 40 }, () => now);
    await granted(censuses, tenantId, 'title pr');
    now += 2000;
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const waiting = toldOf(censuses, tenantId, 'title pr');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const other = await tenantOf(storage, 1);
    await granted(censuses, other, 'title pr', 'active pr', 'nickName pr', 'locale pr');
    await granted(censuses, other, 'userType pr', 'timezone pr');
    release();
    expect(await waiting).toBeUndefined();
    expect(await toldOf(censuses, other, 'title pr')).toBe(1);
  });

  it('for a while, where it was given up', async () => {
    let now = Date.now();
    const tenantId = await tenantOf(storage, 1);
    const failing = vi.fn(storage.db.execute.bind(storage.db));
    const db = withExecute(storage, failing);
    const censuses = new Censuses(db, { ...LIMITS, rest: 60 }, () => now);
    failing.mockRejectedValueOnce(new Error('gone'));
    await granted(censuses, tenantId, undefined);
    now += 59_999;
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBeUndefined();
    now += 1;
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBe(1);
  });

  it('after a while', async () => {
    const tenantId = await tenantOf(storage, 1);
    const censuses = new Censuses(storage.db, { ...LIMITS, seconds: 0.2 });
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBe(1);
    await expect.poll(() => toldOf(censuses, tenantId)).toBeUndefined();
  });

  it('where too much has changed at once', async () => {
    const tenantId = await tenantOf(storage, 1);
    const censuses = new Censuses(storage.db, LIMITS);
    await granted(censuses, tenantId, undefined);
    const eventsOf = (count: number) => Array.from({ length: count }, () => eventOf(tenantId, 'delete', v7()));
    await insertEvents(storage.db, eventsOf(MOST_CHANGES));
    expect(await toldOf(censuses, tenantId)).toBe(1);
    await insertEvents(storage.db, eventsOf(1));
    expect(await toldOf(censuses, tenantId)).toBeUndefined();
  });

  it('where the database fails, which whoever counts hears of then', async () => {
    const tenantId = await tenantOf(storage, 1);
    const execute = vi.fn(storage.db.execute.bind(storage.db));
    const db = withExecute(storage, execute);
    const censuses = new Censuses(db, LIMITS);
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBe(1);
    execute.mockRejectedValue(new Error('gone'));
    const [told] = await Promise.all([toldOf(censuses, tenantId), granted(censuses, v7(), undefined)]);
    expect(told).toBeUndefined();
    expect(await toldOf(censuses, tenantId)).toBeUndefined();
  });
});
