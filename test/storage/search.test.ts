import { v7 } from 'uuid';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ScimError } from '../../src/protocol/errors.ts';
import type { CheckedFilter } from '../../src/protocol/filter/ast.ts';
import { MAX_FILTER_TOKENS } from '../../src/protocol/filter/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { COUNTS_REMEMBERED_FROM } from '../../src/storage/counts.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { countResources, type Search, searchResources } from '../../src/storage/search.ts';
import type { WalkLimits } from '../../src/storage/walks.ts';
import { describeEachDatabase } from '../support/database.ts';
import {
  addMembers,
  attributeOf,
  filterOf,
  idsWhere,
  insertGroup,
  insertUser,
  insertUsers,
  locations,
  searchOf,
} from './fixtures.ts';

describeEachDatabase('searchResources', (open) => {
  let storage: Storage;
  const tenantId = v7();
  const users: string[] = [];
  beforeAll(async () => {
    storage = await open();
    users.length = 0;
    for (let index = 0; index < 5; index++) {
      users.push(await insertUser(storage.db, tenantId, { userName: `user-${index}`, active: index % 2 === 0 }));
    }
    await insertUser(storage.db, v7(), { userName: 'foreign' });
    await insertGroup(storage.db, tenantId, 'user-0');
  });

  describe('pages', () => {
    it.each([
      [0, 1000, [0, 1, 2, 3, 4]],
      [0, 5, [0, 1, 2, 3, 4]],
      [0, 2, [0, 1]],
      [2, 2, [2, 3]],
      [4, 2, [4]],
      [5, 2, []],
      [Number.MAX_SAFE_INTEGER, 2, []],
      [0, 0, []],
    ])('from %i, at most %i', async (offset, limit, expected) => {
      const { rows, total } = await searchResources(storage.db, ...searchOf(tenantId, USER_TYPE, { offset, limit }));
      expect(rows.map(({ id }) => users.indexOf(id))).toEqual(expected);
      expect(total).toBe(5);
    });

    it('counts what the filter selects', async () => {
      const filter: CheckedFilter = {
        kind: 'compare',
        path: attributeOf(USER_TYPE, 'active'),
        operator: 'eq',
        value: true,
      };
      const { rows, total } = await searchResources(
        storage.db,
        ...searchOf(tenantId, USER_TYPE, { filter, offset: 1, limit: 1 }),
      );
      expect(rows.map(({ id }) => users.indexOf(id))).toEqual([2]);
      expect(total).toBe(3);
    });

    it('gives whole resources', async () => {
      const { rows } = await searchResources(storage.db, ...searchOf(tenantId, USER_TYPE, { limit: 1 }));
      expect(rows[0]).toMatchObject({ version: 1, created: '2026-11-21T10:00:00.123Z' });
      expect(JSON.parse(rows[0]?.doc ?? '')).toMatchObject({ userName: 'user-0', active: true });
    });
  });

  it('misses nothing of a type whose candidates were given up, whatever another type has', async () => {
    const ofBoth = v7();
    for (const displayName of ['x', 'x', 'x', 'x', 'y']) {
      await insertUser(storage.db, ofBoth, { userName: v7(), displayName });
    }
    for (const name of ['a', 'b', 'c']) await insertGroup(storage.db, ofBoth, name);
    const types = [USER_TYPE, GROUP_TYPE].map((type) => ({ type, filter: filterOf(type, 'displayName ne "x"') }));
    const [search, page] = searchOf(ofBoth, USER_TYPE, { limit: 2 });
    const limits = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
    const { rows, total } = await searchResources(storage.db, { ...search, types, limits }, page);
    expect(rows.map(({ type }) => type)).toEqual([USER_TYPE.number, GROUP_TYPE.number]);
    expect(total).toBe(4);
  });

  describe('what is broad', () => {
    const allLarge = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
    const text = 'active eq true and not (active eq false)';
    const searchFor = (filter: string, limits?: WalkLimits): Search => {
      const [search] = searchOf(tenantId, USER_TYPE, { filter: filterOf(USER_TYPE, filter) });
      return limits ? { ...search, limits } : search;
    };
    /** What is answered, and in how many transactions: one for each statement that is merged. */
    const watched = async <T>(work: (db: Database) => Promise<T>): Promise<[T, number]> => {
      const transactions = vi.spyOn(storage.db, 'transaction');
      const answer = await work(storage.db);
      const { length } = transactions.mock.calls;
      transactions.mockRestore();
      return [answer, length];
    };

    it('is merged, and nothing else', async () => {
      const transactionsOf = async (search: Search) => {
        const [, length] = await watched((db) => searchResources(db, search, { offset: 0, limit: 1 }));
        return length;
      };
      expect(await transactionsOf(searchFor(text, allLarge))).toBeGreaterThan(0);
      expect(await transactionsOf(searchFor(text))).toBe(0);
      expect(await transactionsOf(searchFor('not (active eq false)', allLarge))).toBe(0);
      expect(await transactionsOf(searchFor('userName eq "user-0" and active eq true', allLarge))).toBe(0);
    });

    it('is merged to be counted alone, too, and is as many', async () => {
      const search = searchFor(text, allLarge);
      const [paged] = await watched((db) => searchResources(db, search, { offset: 0, limit: 1 }));
      expect(paged.total).toBe(3);
      const [numbered, ofNumber] = await watched((db) => searchResources(db, search, { offset: 0, limit: 0 }));
      expect(numbered).toEqual({ rows: [], total: 3 });
      expect(ofNumber).toBe(1);
      // What a page by cursor says of the total.
      expect(await watched((db) => countResources(db, search))).toEqual([3, 1]);
    });
  });

  describe('pages of so many that their number is remembered, after a write', () => {
    const title = attributeOf(USER_TYPE, 'title');
    const titled = (count: number, prefix: string): JsonObject[] =>
      Array.from({ length: count }, (_, index) => ({ userName: `${prefix}-${index}`, title: `${prefix}-${index}` }));
    const untitled = (count: number): JsonObject[] =>
      Array.from({ length: count }, (_, index) => ({ userName: `untitled-${index}` }));

    it.each([
      ['with a title before those without', false, [...titled(COUNTS_REMEMBERED_FROM, 'a'), ...untitled(2)], 'z'],
      ['without a title before those with one', true, [...untitled(COUNTS_REMEMBERED_FROM), ...titled(2, 'a')], ''],
    ])('begin where they do now: those %s', async (_, descending, given, another) => {
      const { db } = storage;
      const ofMany = v7();
      const ids = await insertUsers(db, ofMany, given);
      const last = ids.slice(COUNTS_REMEMBERED_FROM);
      const page = async (offset: number) => {
        const search = searchOf(ofMany, USER_TYPE, { sort: { by: title, descending }, offset, limit: 10 });
        const { rows, total } = await searchResources(db, ...search);
        return { ids: rows.map(({ id }) => id).sort(), total };
      };
      expect(await page(COUNTS_REMEMBERED_FROM)).toEqual({ ids: last, total: given.length });
      await insertUser(db, ofMany, { userName: 'another', ...(another === '' ? {} : { title: another }) });
      expect(await page(COUNTS_REMEMBERED_FROM + 1)).toEqual({ ids: last, total: given.length + 1 });
    });

    it('tell no total that is less than what they have', async () => {
      const { db } = storage;
      const ofMany = v7();
      await insertUsers(db, ofMany, untitled(COUNTS_REMEMBERED_FROM));
      const page = (offset: number, limit: number) =>
        searchResources(db, ...searchOf(ofMany, USER_TYPE, { offset, limit }));
      expect((await page(0, 0)).total).toBe(COUNTS_REMEMBERED_FROM);
      await insertUser(db, ofMany, { userName: 'another' });
      // One more than it takes is read, to see whether it is the last.
      expect((await page(COUNTS_REMEMBERED_FROM - 100, 100)).total).toBe(COUNTS_REMEMBERED_FROM + 1);
    });
  });

  it('tests candidates for as many terms as a filter can join', async () => {
    const { db } = storage;
    const ofNames = v7();
    // Each takes three tokens, and the `and` before it one.
    const most = Math.floor((MAX_FILTER_TOKENS + 1) / 4);
    const names = Array.from({ length: most + 2 }, (_, index) => ({ userName: `${index}`, title: `${index}` }));
    const ids = await insertUsers(db, ofNames, names);
    const text = Array.from({ length: most }, (_, index) => `title ne "${index + 1}"`).join(' and ');
    const filter = filterOf(USER_TYPE, text);
    const { rows, total } = await searchResources(db, ...searchOf(ofNames, USER_TYPE, { filter, limit: 2 }));
    expect(rows.map(({ id }) => id)).toEqual([ids.at(0), ids.at(-1)]);
    expect(total).toBe(2);
  });

  describe('filters over columns', () => {
    const where = async (text: string) =>
      (await idsWhere(storage.db, tenantId, USER_TYPE, text)).map((id) => users.indexOf(id));

    it.each([
      ['userName eq "USER-1"', [1]],
      ['userName ne "user-1"', [0, 2, 3, 4]],
      ['userName sw "user-"', [0, 1, 2, 3, 4]],
      ['userName ge "user-3"', [3, 4]],
      ['userName pr', [0, 1, 2, 3, 4]],
      // The column is null: no value equals, none is greater.
      ['externalId ne "x"', [0, 1, 2, 3, 4]],
      ['not (externalId gt "x")', [0, 1, 2, 3, 4]],
      ['externalId pr or userName eq "user-2"', [2]],
      ['not (externalId pr)', [0, 1, 2, 3, 4]],
      ['meta.resourceType eq "User"', [0, 1, 2, 3, 4]],
      ['meta.resourceType eq "user"', []],
      ['meta.version eq "W/\\"1\\""', [0, 1, 2, 3, 4]],
      ['meta.created eq "2026-11-21T11:00:00.123+01:00"', [0, 1, 2, 3, 4]],
      ['meta.created eq "2026-11-21T10:00:00.123000001Z"', []],
      ['meta.created ne "2026-11-21T10:00:00.123000001Z"', [0, 1, 2, 3, 4]],
      ['meta.created lt "2026-11-21T10:00:00.123000001Z"', [0, 1, 2, 3, 4]],
      ['meta.created ge "2026-11-21T10:00:00.123000001Z"', []],
      ['meta.lastModified gt "0000-01-01T00:00:00Z"', [0, 1, 2, 3, 4]],
      ['meta.lastModified lt "9999-12-31T23:59:59.999999999Z"', [0, 1, 2, 3, 4]],
      ['meta[resourceType eq "User" and version ne "W/\\"1\\""]', []],
      ['meta pr and not (meta[created lt "2020-01-01T00:00:00Z"])', [0, 1, 2, 3, 4]],
    ])('%s', async (text, expected) => {
      expect(await where(text)).toEqual(expected);
    });

    it('by id, exactly', async () => {
      expect(await where(`id eq "${users[3]}"`)).toEqual([3]);
      expect(await where(`id eq "${users[3]?.toUpperCase()}"`)).toEqual([]);
      expect(await where(`id sw "${users[3]?.slice(0, 35)}" and id pr`)).toContain(3);
      expect(await where('id eq "no id"')).toEqual([]);
      expect(await where(`not (id eq "${users[3]}")`)).toEqual([0, 1, 2, 4]);
      expect(await where(`id gt "${users[3]}"`)).toEqual([4]);
      expect(await where(`meta.location eq "${locations(USER_TYPE.number)}${users[4]}"`)).toEqual([4]);
    });
  });

  it.each(['a\0', '\ud800'])('finds no value that can not be stored: %j', async (value) => {
    for (const path of ['userName', 'title', 'id', 'emails.value', 'groups.display']) {
      for (const operator of ['eq', 'co', 'ne'] as const) {
        const filter: CheckedFilter = { kind: 'compare', path: attributeOf(USER_TYPE, path), operator, value };
        const { total } = await searchResources(storage.db, ...searchOf(tenantId, USER_TYPE, { filter }));
        expect(total).toBe(operator === 'ne' ? users.length : 0);
      }
    }
  });

  describe('filters over memberships', () => {
    let inner: string;
    let outer: string;
    let empty: string;
    beforeAll(async () => {
      inner = await insertGroup(storage.db, tenantId, 'Inner', users.slice(0, 2));
      outer = await insertGroup(storage.db, tenantId, 'Outer', [inner, ...users.slice(1, 3)]);
      empty = await insertGroup(storage.db, tenantId, 'Empty');
      // A cycle.
      await addMembers(storage.db, tenantId, inner, [outer]);
    });

    const groupsWhere = async (text: string) => {
      const names = new Map([
        [inner, 'inner'],
        [outer, 'outer'],
      ]);
      const found = await idsWhere(storage.db, tenantId, GROUP_TYPE, text);
      return found.map((id) => names.get(id) ?? 'other');
    };
    const usersWhere = async (text: string) =>
      (await idsWhere(storage.db, tenantId, USER_TYPE, text)).map((id) => users.indexOf(id));

    it('finds groups by their members', async () => {
      expect(await groupsWhere(`members.value eq "${users[0]}"`)).toEqual(['inner']);
      expect(await groupsWhere(`members eq "${users[1]}"`)).toEqual(['inner', 'outer']);
      expect(await groupsWhere(`members[value eq "${users[2]}" and type eq "User"]`)).toEqual(['outer']);
      expect(await groupsWhere(`members[value eq "${users[2]}" and type eq "Group"]`)).toEqual([]);
      expect(await groupsWhere(`members.value eq "${users[2]}" and members.type eq "Group"`)).toEqual(['outer']);
      expect(await groupsWhere('members[display eq "USER-0" or display eq "nobody"]')).toEqual(['inner']);
      expect(await groupsWhere(`members.$ref eq "${locations(GROUP_TYPE.number)}${outer}"`)).toEqual(['inner']);
      expect(await groupsWhere('members pr')).toEqual(['inner', 'outer']);
      expect(await groupsWhere(`members.value ne "${users[0]}" and members.type pr`)).toEqual(['outer']);
      expect(await groupsWhere(`id eq "${empty}" and not (members pr)`)).toEqual(['other']);
    });

    it('finds users by their groups, direct and indirect', async () => {
      expect(await usersWhere(`groups.value eq "${outer}"`)).toEqual([0, 1, 2]);
      expect(await usersWhere(`groups eq "${inner}"`)).toEqual([0, 1, 2]);
      expect(await usersWhere(`groups[value eq "${outer}" and type eq "direct"]`)).toEqual([1, 2]);
      expect(await usersWhere(`groups[value eq "${outer}" and type eq "INDIRECT"]`)).toEqual([0]);
      expect(await usersWhere(`groups[type eq "indirect" or display eq "nothing"]`)).toEqual([0, 2]);
      expect(await usersWhere('groups.display eq "outer"')).toEqual([0, 1, 2]);
      expect(await usersWhere(`groups.$ref eq "${locations(GROUP_TYPE.number)}${outer}"`)).toEqual([0, 1, 2]);
      expect(await usersWhere('not (groups pr)')).toEqual([3, 4]);
      expect(await usersWhere(`groups.value ne "${outer}"`)).toEqual([3, 4]);
      expect(await usersWhere(`groups[value ne "${outer}"]`)).toEqual([0, 1, 2]);
      expect(await usersWhere(`groups.value eq "${empty}" or userName eq "user-4"`)).toEqual([4]);
    });
  });

  it.each(['password', 'members', 'name'])('refuses what it can not answer: %s', async (name) => {
    const type = name === 'members' ? GROUP_TYPE : USER_TYPE;
    const filter: CheckedFilter = { kind: 'compare', path: attributeOf(type, name), operator: 'eq', value: 'x' };
    const search = searchResources(storage.db, ...searchOf(tenantId, type, { filter }));
    const error = await search.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ScimError);
    expect(error).toMatchObject({ status: 400, scimType: 'invalidFilter' });
  });
});
