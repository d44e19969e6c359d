import { v7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { questionOf } from '../../src/storage/census-question.ts';
import { censusesOf } from '../../src/storage/censuses.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { MOST_COUNTED, SIZE_SECONDS, SIZES_REMEMBERED, sizesOf } from '../../src/storage/leaf-sizes.ts';
import { leavesOf, normalForm } from '../../src/storage/normal-form.ts';
import { atMost, rankOf } from '../../src/storage/ranks.ts';
import { describeEachDatabase } from '../support/database.ts';
import { SAMPLE_TYPE } from '../support/sample-type.ts';
import { filterOf, insertUser, locations, typeNames } from './fixtures.ts';

const MOST = 3;

/** The terms of filters over users of the tenant. */
function termsOf(tenantId: string, ...filters: readonly string[]) {
  return termsOver(USER_TYPE, tenantId, ...filters);
}

function termsOver(type: ResourceTypeDefinition, tenantId: string, ...filters: readonly string[]) {
  const scope = { tenantId, type, location: locations(type.number), locations, typeNames, memberTypes: [1] };
  return filters.map((filter) => ({ term: normalForm(filterOf(type, filter)), scope }));
}

describeEachDatabase('sizesOf', (open) => {
  let storage: Storage;
  const tenantId = v7();
  beforeAll(async () => {
    storage = await open();
    for (let index = 0; index < 5; index++) {
      const emails = [{ value: `${index}@x`, type: index === 0 ? 'home' : 'work' }];
      await insertUser(storage.db, tenantId, { userName: `user-${index}`, title: index < 3 ? 'few' : 'rest', emails });
    }
    await insertUser(storage.db, tenantId, { userName: 'other', title: 'many' });
    await insertUser(storage.db, v7(), { userName: 'foreign', title: 'rest' });
  });

  it.each([
    ['title eq "rest"', 2],
    ['title eq "few"', 3],
    ['title pr', Number.POSITIVE_INFINITY],
    ['title eq "nobody"', 0],
    ['title sw "r"', 2],
    ['emails[type eq "home" and value eq "0@x"]', 1],
    ['userName sw "oth"', 1],
    ['userName sw "user"', Number.POSITIVE_INFINITY],
    // What is looked at one by one is not counted.
    ['title co "est"', Number.POSITIVE_INFINITY],
    ['not (title eq "rest")', Number.POSITIVE_INFINITY],
    ['title eq "rest" or title eq "many"', 3],
    ['title eq "few" and not (title pr)', 3],
    ['title pr and title eq "many"', 1],
    ['title pr or title eq "many"', Number.POSITIVE_INFINITY],
    ['userName eq "user-1" and title pr', 1],
  ])('%s: at most %d', async (filter, expected) => {
    const terms = termsOf(tenantId, filter);
    const sizeOf = await sizesOf(storage.db, terms, 0, MOST);
    expect(terms.map(({ term }) => atMost(term, sizeOf))).toEqual([expected]);
  });
});

describeEachDatabase('the leaves of a search over several types', (open) => {
  it('are counted up to so many at a time, the others the next time', async () => {
    const { db } = await open();
    const tenantId = v7();
    await insertUser(db, tenantId, { userName: 'ada' });
    // As many as a filter can have; counted all at once they would be more columns than a statement may have.
    const long = Array.from({ length: 333 }, () => 'schemas pr').join(' or ');
    const terms = [USER_TYPE, GROUP_TYPE, SAMPLE_TYPE].flatMap((type) => termsOver(type, tenantId, long));
    const counted = async () => {
      const sizeOf = await sizesOf(db, terms, 0, MOST);
      return terms.flatMap(({ term }) => leavesOf(term)).filter((leaf) => sizeOf(leaf) < Number.POSITIVE_INFINITY)
        .length;
    };
    expect(await counted()).toBe(MOST_COUNTED);
    expect(await counted()).toBe(999);
  });
});

describeEachDatabase('ranks of leaves that have too many to be counted', (open) => {
  it('are higher for those that more have', async () => {
    const { db } = await open();
    const tenantId = v7();
    for (let index = 0; index < 12; index++) {
      const title = index % 3 === 0 ? 'some' : 'most';
      await insertUser(db, tenantId, { userName: `user-${index}`, userType: 'all', title });
    }
    const filters = ['title eq "some"', 'title eq "most"', 'userType eq "all"', 'title ne "some"', 'title co "o"'];
    const terms = termsOf(tenantId, ...filters, 'title eq "some" or userType eq "all"', 'title eq "nobody"');
    const sizeOf = await sizesOf(db, terms, 0, MOST);
    const [some, most, all, not, unknown, or, none] = terms.map(({ term }) => rankOf(term, sizeOf));
    expect([all, not, unknown, some, or, none, most].toSorted((a = 0, b = 0) => a - b)).toEqual([
      ...[none, some, most, all, or, unknown, not],
    ]);
    expect(none).toBe(0);
    expect(or).toBe(all);
  });
});

describeEachDatabase('sizes that a census knows', (open) => {
  it('are told without a statement, as far as it knows all of them', async () => {
    const { db: whole } = await open();
    const execute = vi.fn(whole.execute.bind(whole));
    const db: Database = Object.assign(Object.create(whole), { execute });
    const tenantId = v7();
    for (let index = 0; index < 12; index++) {
      await insertUser(db, tenantId, { userName: `user-${index}`, title: index % 3 === 0 ? 'some' : 'most' });
    }
    const terms = termsOf(tenantId, 'title eq "some"', 'title eq "most"', 'title eq "nobody"');
    const [question] = terms.map(({ term, scope }) => questionOf(term, scope));
    const censuses = censusesOf(db, { least: 1, bytes: 2 ** 30, seconds: 3600, rest: 0, age: 0 });
    await censuses.wish({ tenantId, type: USER_TYPE.number, question });
    execute.mockClear();
    const sizeOf = await sizesOf(db, terms, 0, MOST);
    expect(terms.map(({ term }) => atMost(term, sizeOf))).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    const [some = 0, most = 0, nobody = 0] = terms.map(({ term }) => rankOf(term, sizeOf));
    expect(most).toBeGreaterThan(some);
    expect(some).toBeGreaterThan(nobody);
    expect(execute).not.toHaveBeenCalled();
    await sizesOf(db, termsOf(tenantId, 'title eq "some"', 'nickName eq "a"'), 0, MOST);
    expect(execute).toHaveBeenCalledOnce();
  });
});

describe('statements for sizes', () => {
  let asked: number;
  let db: Database;
  beforeEach(() => {
    asked = 0;
    const execute = async () => {
      asked += 1;
      return { rows: [{ s0: 1, s1: 1, s2: 1 }] };
    };
    db = { execute } as unknown as Database;
  });

  it('is one for all that is not known, and another when it has been long', async () => {
    let seconds = 0;
    const ask = (...filters: string[]) => sizesOf(db, termsOf('tenant', ...filters), 0, MOST, () => seconds * 1000);
    await ask('title eq "rest" or title eq "few"', 'title eq "many"');
    expect(asked).toBe(1);
    seconds = SIZE_SECONDS - 0.001;
    await ask('title eq "few"');
    expect(asked).toBe(1);
    seconds = SIZE_SECONDS;
    await ask('title eq "few"');
    expect(asked).toBe(2);
  });

  it('is none where names tell', async () => {
    const terms = termsOf('tenant', 'userName eq "user-1" and title pr', `id eq "${v7()}" or externalId eq "x"`);
    await sizesOf(db, terms, 2, MOST);
    expect(asked).toBe(0);
  });

  it('are remembered for so many', async () => {
    const ask = (index: number) => sizesOf(db, termsOf('tenant', `title eq "${index}"`), 0, MOST, () => 0);
    for (let index = 0; index <= SIZES_REMEMBERED; index++) await ask(index);
    expect(asked).toBe(SIZES_REMEMBERED + 1);
    await ask(1);
    expect(asked).toBe(SIZES_REMEMBERED + 1);
    await ask(0);
    expect(asked).toBe(SIZES_REMEMBERED + 2);
  });
});
