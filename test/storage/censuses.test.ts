import { type SQL, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { Censuses, type CensusLimits, censusesOf, MOST_COLUMNS } from '../../src/storage/censuses.ts';
import { COUNTS_REMEMBERED_FROM } from '../../src/storage/counts.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { insertEvents } from '../../src/storage/events.ts';
import { CENSUS_LATE_MS, MOST_CHANGES } from '../../src/storage/followed-census.ts';
import { lowestIdAt } from '../../src/storage/ids.ts';
import { countResources, type Search, searchResources } from '../../src/storage/search.ts';
import { listingOf } from '../../src/storage/segments.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { filterOf, insertUser, insertUsers, searchOf } from './fixtures.ts';

/** Small directories have one too, and what is told is as it is now. */
const LIMITS: CensusLimits = { least: 1, bytes: 2 ** 30, seconds: 3600, rest: 0, age: 0 };
const FILTERS = [
  'title eq "a"',
  'not (title eq "a")',
  'title eq "a" and userType eq "b"',
  '(title eq "a" or userType eq "a") and not (nickName pr)',
  'title pr or nickName eq "b"',
];

describeEachDatabase('censuses', (open) => {
  let storage: Storage;
  let app: TestApp;
  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage, profile: 'rfc' });
  });
  afterAll(() => app.close());

  const searchFor = (tenantId: string, filter?: string): Search =>
    searchOf(tenantId, USER_TYPE, filter === undefined ? {} : { filter: filterOf(USER_TYPE, filter) })[0];
  const askedFor = async (tenantId: string, filter?: string) =>
    (await listingOf(storage.db, searchFor(tenantId, filter))).asked ?? expect.fail('not asked');

  async function toldOf(censuses: Censuses, tenantId: string, filter?: string): Promise<number | undefined> {
    return censuses.total(await askedFor(tenantId, filter));
  }

  async function granted(censuses: Censuses, tenantId: string, ...filters: (string | undefined)[]): Promise<void> {
    for (const filter of filters) await censuses.wish(await askedFor(tenantId, filter));
  }

  it('tell what the database does, whatever is written meanwhile', { timeout: 120_000 }, async () => {
    const value = fc.option(fc.constantFrom('a', 'A', 'b'), { nil: undefined });
    const attributes = fc.record({ title: value, userType: value, nickName: value });
    const kind = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE');
    const writes = fc.array(fc.record({ kind, which: fc.nat(), attributes, wish: fc.constantFrom(...FILTERS) }), {
      minLength: 8,
      maxLength: 16,
    });
    const tenantId = app.tenant.id;
    let name = 0;
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: 'first' });
    await fc.assert(
      fc.asyncProperty(writes, async (tried) => {
        const censuses = new Censuses(storage.db, LIMITS);
        const ids: string[] = [];
        const wishes: Promise<void>[] = [];
        for (const one of tried) {
          // Nobody waits for it: it is made while others write.
          wishes.push(censuses.wish(await askedFor(tenantId, one.wish)));
          const given = JSON.parse(
            JSON.stringify({ schemas: [USER_SCHEMA], userName: `u${name++}`, ...one.attributes }),
          );
          const id = ids[one.which % (ids.length || 1)];
          if (one.kind === 'POST' || id === undefined) {
            ids.push(String((await app.request('POST', '/Users', given)).body.id));
          } else if (one.kind === 'DELETE') {
            expect((await app.request('DELETE', `/Users/${id}`)).status).toBe(204);
            ids.splice(ids.indexOf(id), 1);
          } else if (one.kind === 'PUT') {
            expect((await app.request('PUT', `/Users/${id}`, given)).status).toBe(200);
          } else {
            const { userName, schemas, ...set } = given;
            const Operations = [{ op: 'replace', value: set }];
            expect((await app.request('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations })).status).toBe(200);
          }
          for (const filter of [undefined, ...FILTERS]) {
            const told = await toldOf(censuses, tenantId, filter);
            if (told === undefined) continue;
            expect(told).toBe(await countResources(storage.db, searchFor(tenantId, filter)));
          }
        }
        await Promise.all(wishes);
        await granted(censuses, tenantId, ...FILTERS);
        for (const filter of [undefined, ...FILTERS]) {
          const expected = await countResources(storage.db, searchFor(tenantId, filter));
          expect(await toldOf(censuses, tenantId, filter)).toBe(expected);
        }
      }),
      { numRuns: 10 },
    );
  });

  describe('while a statement of theirs is under way', () => {
    /** The database, on which somebody else does something while the answer to such a statement is on its way. */
    function meanwhile(statement: string, work: () => Promise<unknown>): Database {
      let done = false;
      const execute = async (query: SQL) => {
        const answer = await storage.db.execute(query);
        if (!done && JSON.stringify(query).includes(statement)) {
          done = true;
          await work();
        }
        return answer;
      };
      return Object.assign(Object.create(storage.db), { execute });
    }
    const created = async () => String((await app.request('POST', '/Users', userWith('b'))).body.id);
    const userWith = (title: string) => ({ schemas: [USER_SCHEMA], userName: v7(), title });
    const countOf = (filter: string) => countResources(storage.db, searchFor(app.tenant.id, filter));

    it('learn of a change of what has just been read', async () => {
      const id = await created();
      const db = meanwhile('string_agg(uuid_send(p.resource_id)', async () => {
        // Values are read in their order, so this one is not read again.
        await app.request('PUT', `/Users/${id}`, userWith('a'));
        await toldOf(censuses, app.tenant.id);
      });
      const censuses = new Censuses(db, LIMITS);
      await granted(censuses, app.tenant.id, 'title eq "b"');
      expect(await toldOf(censuses, app.tenant.id, 'title eq "b"')).toBe(await countOf('title eq "b"'));
      expect(await toldOf(censuses, app.tenant.id, 'title eq "a"')).toBe(await countOf('title eq "a"'));
    });

    it('learn of what comes after a look has begun', async () => {
      const told: Promise<number | undefined>[] = [];
      const db = meanwhile('from events e', async () => {
        await created();
        told.push(toldOf(censuses, app.tenant.id, 'title eq "b"'));
      });
      const censuses = new Censuses(db, LIMITS);
      await granted(censuses, app.tenant.id, 'title eq "b"');
      const before = await countOf('title eq "b"');
      expect(await toldOf(censuses, app.tenant.id, 'title eq "b"')).toBe(before);
      expect(await Promise.all(told)).toEqual([before + 1]);
    });
  });

  it('tell nothing of what they do not have, and have only what was wished', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a', title: 'x' }, { userName: 'b' }]);
    const censuses = new Censuses(storage.db, LIMITS);
    expect(await toldOf(censuses, tenantId)).toBeUndefined();
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBe(2);
    expect(await toldOf(censuses, tenantId, 'title pr')).toBeUndefined();
    await granted(censuses, tenantId, 'title pr');
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(1);
    expect(await toldOf(censuses, v7())).toBeUndefined();
  });

  it('hear of a change that becomes visible late', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a', title: 'x' }]);
    const censuses = new Censuses(storage.db, LIMITS);
    await granted(censuses, tenantId, 'title pr');
    const resourceId = await insertUser(storage.db, tenantId, { userName: 'b', title: 'x' });
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(1);
    const at = new Date(Date.now() - CENSUS_LATE_MS + 3000);
    const event = {
      tenantId,
      resourceId,
      at,
      kind: 'create',
      typeNumber: USER_TYPE.number,
      version: 1,
      attributes: [],
    };
    await insertEvents(storage.db, [{ ...event, id: lowestIdAt(at), actor: 'operator' }]);
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(2);
  });

  it('of a replica hear of what that did not have when they were made', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a' }]);
    const behind = 60_000;
    const execute = async (query: SQL) => {
      if (!JSON.stringify(query).includes('pg_is_in_recovery')) return storage.db.execute(query);
      return { rows: [{ at: new Date(Date.now() - behind).toISOString() }] };
    };
    const db: Database = Object.assign(Object.create(storage.db), { execute });
    const censuses = new Censuses(db, LIMITS);
    await granted(censuses, tenantId, undefined);
    const resourceId = await insertUser(storage.db, tenantId, { userName: 'b' });
    const at = new Date(Date.now() - behind);
    const event = {
      tenantId,
      resourceId,
      at,
      kind: 'create',
      typeNumber: USER_TYPE.number,
      version: 1,
      attributes: [],
    };
    await insertEvents(storage.db, [{ ...event, id: lowestIdAt(at), actor: 'operator' }]);
    expect(await toldOf(censuses, tenantId)).toBe(2);
  });

  it('look for changes when a clock was set back', async () => {
    let now = Date.now() + 3_600_000;
    const censuses = new Censuses(storage.db, { ...LIMITS, age: 2 }, () => now);
    await granted(censuses, app.tenant.id, undefined);
    const before = await toldOf(censuses, app.tenant.id);
    now = Date.now();
    expect(await toldOf(censuses, app.tenant.id)).toBe(before);
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: v7() });
    now += 2000;
    expect(await toldOf(censuses, app.tenant.id)).toBe((before ?? 0) + 1);
  });

  it('do not look where the total is far below what is asked for', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a' }, { userName: 'b' }]);
    const execute = vi.fn(storage.db.execute.bind(storage.db));
    const db: Database = Object.assign(Object.create(storage.db), { execute });
    const censuses = new Censuses(db, LIMITS);
    await granted(censuses, tenantId, undefined);
    const asked = await askedFor(tenantId);
    execute.mockClear();
    expect(await censuses.total(asked, 5)).toBeUndefined();
    expect(execute).not.toHaveBeenCalled();
    expect(await censuses.total(asked, 4)).toBe(2);
  });

  it('look for changes as often as they are to be young, and read each once', async () => {
    let now = Date.now();
    const { tenant } = app;
    const execute = vi.fn(storage.db.execute.bind(storage.db));
    const db: Database = Object.assign(Object.create(storage.db), { execute });
    const censuses = new Censuses(db, { ...LIMITS, age: 2 }, () => now);
    await granted(censuses, tenant.id, undefined);
    const before = await toldOf(censuses, tenant.id);
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: v7() });
    now += 1999;
    expect(await toldOf(censuses, tenant.id)).toBe(before);
    now += 1;
    expect(await toldOf(censuses, tenant.id)).toBe((before ?? 0) + 1);
    execute.mockClear();
    now += 2000;
    expect(await toldOf(censuses, tenant.id)).toBe((before ?? 0) + 1);
    expect(execute).toHaveBeenCalledOnce();
  });

  describe('of large totals', () => {
    const first = { offset: 0, limit: 1 };
    const many = 2 * COUNTS_REMEMBERED_FROM;
    let db: Database;
    let tenantId: string;
    let sent: ReturnType<typeof vi.fn>;
    beforeAll(async () => {
      tenantId = v7();
      const users = Array.from({ length: many }, (_, index) => ({ userName: `${index}`, title: `${index % 2}` }));
      await insertUsers(storage.db, tenantId, users);
    });
    beforeEach(() => {
      sent = vi.fn(storage.db.execute.bind(storage.db));
      // The same database, whose censuses have limits of their own.
      db = Object.assign(Object.create(storage.db), { execute: sent });
    });

    /** How many the first page tells, and whether they were counted for it. */
    async function paged(search: Search): Promise<{ total: number; counted: boolean }> {
      sent.mockClear();
      const { total } = await searchResources(db, search, first);
      return { total, counted: JSON.stringify(sent.mock.calls).includes('select (0 + (select count(*)') };
    }

    it('tell pages how many there are in all', async () => {
      const censuses = censusesOf(db, LIMITS);
      const search = searchFor(tenantId);
      expect(await paged(search)).toEqual({ total: many, counted: true });
      await granted(censuses, tenantId, undefined);
      expect(await paged(search)).toEqual({ total: many, counted: false });
    });

    it('tell of filters, but small ones are counted each time', async () => {
      const filters = ['title eq "1" and not (nickName pr)', 'title eq "1" and nickName pr'];
      await granted(censusesOf(db, LIMITS), tenantId, ...filters);
      const [large, small] = filters.map((filter) => searchFor(tenantId, filter));
      if (!large || !small) return expect.fail();
      expect(await paged(large)).toEqual({ total: many / 2, counted: false });
      expect(await countResources(db, small)).toBe(0);
      const resourceId = await insertUser(storage.db, tenantId, { userName: 'late', title: '1', nickName: 'a' });
      // No event tells of it.
      expect(await countResources(db, small)).toBe(1);
      await storage.db.execute(
        sql`delete from resources where tenant_id = ${tenantId}::uuid and id = ${resourceId}::uuid`,
      );
    });

    it('are made of what is broad, once it was counted', async () => {
      const censuses = censusesOf(db, LIMITS);
      const filter = 'title eq "1" and not (nickName pr)';
      const broad = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
      const search = { ...searchFor(tenantId, filter), limits: broad };
      expect(await countResources(db, search)).toBe(many / 2);
      await expect.poll(() => toldOf(censuses, tenantId, filter)).toBe(many / 2);
    });
  });

  describe('end', () => {
    const usersOf = async (count: number, prefix = 'u') => {
      const tenantId = v7();
      const users = Array.from({ length: count }, (_, index) => ({ userName: `${prefix}${index}`, title: 'x' }));
      await insertUsers(storage.db, tenantId, users);
      return tenantId;
    };

    it('where there are too few to be worth one', async () => {
      const tenantId = await usersOf(3);
      const [few, enough] = [4, 3].map((least) => new Censuses(storage.db, { ...LIMITS, least }));
      if (!few || !enough) return expect.fail();
      await granted(few, tenantId, undefined);
      await granted(enough, tenantId, undefined);
      expect(await toldOf(few, tenantId)).toBeUndefined();
      expect(await toldOf(enough, tenantId)).toBe(3);
    });

    it('where memory does: the one that was used longest ago is forgotten', async () => {
      const [first, second, third] = await Promise.all([usersOf(1), usersOf(1), usersOf(1)]);
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
      const tenantId = await usersOf(1);
      const censuses = new Censuses(storage.db, { ...LIMITS, rest: 3600 });
      const names = [
        'title',
        'userType',
        'nickName',
        'displayName',
        'profileUrl',
        'preferredLanguage',
        'locale',
      ].concat(
        ...['timezone', 'active', 'name.formatted', 'name.familyName', 'name.givenName', 'name.middleName'],
        ...['name.honorificPrefix', 'name.honorificSuffix', `${ENTERPRISE_USER_SCHEMA}:department`],
        `${ENTERPRISE_USER_SCHEMA}:division`,
      );
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
      const tenantId = await usersOf(1);
      let now = Date.now();
      let hold: Promise<void> | undefined;
      const execute = async (query: SQL) => {
        if (JSON.stringify(query).includes('from events e')) await hold;
        return storage.db.execute(query);
      };
      const db: Database = Object.assign(Object.create(storage.db), { execute });
      const censuses = new Censuses(db, { ...LIMITS, age: 2, bytes: 16_384 * 40 }, () => now);
      await granted(censuses, tenantId, 'title pr');
      now += 2000;
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      const waiting = toldOf(censuses, tenantId, 'title pr');
      await new Promise((resolve) => setTimeout(resolve, 20));
      const other = await usersOf(1, 'v');
      await granted(censuses, other, 'title pr', 'active pr', 'nickName pr', 'locale pr');
      await granted(censuses, other, 'userType pr', 'timezone pr');
      release();
      expect(await waiting).toBeUndefined();
      expect(await toldOf(censuses, other, 'title pr')).toBe(1);
    });

    it('for a while, where it was given up', async () => {
      let now = Date.now();
      const tenantId = await usersOf(1);
      const failing = vi.fn(storage.db.execute.bind(storage.db));
      const db: Database = Object.assign(Object.create(storage.db), { execute: failing });
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
      const tenantId = await usersOf(1);
      const censuses = new Censuses(storage.db, { ...LIMITS, seconds: 0.2 });
      await granted(censuses, tenantId, undefined);
      expect(await toldOf(censuses, tenantId)).toBe(1);
      await expect.poll(() => toldOf(censuses, tenantId)).toBeUndefined();
    });

    it('where too much has changed at once', async () => {
      const tenantId = await usersOf(1);
      const censuses = new Censuses(storage.db, LIMITS);
      await granted(censuses, tenantId, undefined);
      const at = new Date();
      const eventsOf = (count: number) =>
        Array.from({ length: count }, () => ({
          ...{ tenantId, id: v7(), resourceId: v7(), at, kind: 'delete', typeNumber: USER_TYPE.number },
          ...{ version: 1, attributes: [], actor: 'operator' },
        }));
      await insertEvents(storage.db, eventsOf(MOST_CHANGES));
      expect(await toldOf(censuses, tenantId)).toBe(1);
      await insertEvents(storage.db, eventsOf(1));
      expect(await toldOf(censuses, tenantId)).toBeUndefined();
    });

    it('where the database fails, which whoever counts hears of then', async () => {
      const tenantId = await usersOf(1);
      const execute = vi.fn(storage.db.execute.bind(storage.db));
      const db: Database = Object.assign(Object.create(storage.db), { execute });
      const censuses = new Censuses(db, LIMITS);
      await granted(censuses, tenantId, undefined);
      expect(await toldOf(censuses, tenantId)).toBe(1);
      execute.mockRejectedValue(new Error('gone'));
      const [told] = await Promise.all([toldOf(censuses, tenantId), granted(censuses, v7(), undefined)]);
      expect(told).toBeUndefined();
      expect(await toldOf(censuses, tenantId)).toBeUndefined();
    });
  });
});
