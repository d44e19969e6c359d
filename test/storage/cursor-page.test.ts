import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedAttribute } from '../../src/schema/registry.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { type Position, pageFrom } from '../../src/storage/cursor-page.ts';
import type { Storage } from '../../src/storage/database.ts';
import { deleteResources } from '../../src/storage/delete-resources.ts';
import { describeEachDatabase } from '../support/database.ts';
import { attributeOf, filterOf, insertUser, searchOf } from './fixtures.ts';

describeEachDatabase('pageFrom', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  /** Users of a tenant of their own, by title; '' for none. */
  const users = async (titles: readonly string[]) => {
    const tenantId = v7();
    const ids: string[] = [];
    for (const [index, title] of titles.entries()) {
      ids.push(await insertUser(storage.db, tenantId, { userName: `u${index}`, ...(title === '' ? {} : { title }) }));
    }
    const page = async (from: Position | undefined, limit: number, by?: ResolvedAttribute, descending = false) => {
      const [search] = searchOf(tenantId, USER_TYPE, by ? { sort: { by, descending } } : {});
      const { rows, ...beside } = await pageFrom(storage.db, search, from, limit);
      return { ...beside, found: rows.map(({ id }) => ids.indexOf(id)) };
    };
    const remove = (...indexes: number[]) =>
      Promise.all(indexes.map((index) => deleteResources(storage.db, tenantId, [ids[index] ?? ''])));
    return { tenantId, ids, page, remove };
  };
  const title = attributeOf(USER_TYPE, 'title');

  it('has no page beside the only one', async () => {
    const { page } = await users(['a', 'b']);
    expect(await page(undefined, 2)).toEqual({ found: [0, 1] });
    expect(await (await users([])).page(undefined, 1)).toEqual({ found: [] });
  });

  describe.each([
    ['id', undefined, ['', '', '', '']],
    ['title', title, ['a', 'b', 'c', 'd']],
    ['a title that none has', title, ['', '', '', '']],
    ['a title that all share', title, ['a', 'a', 'a', 'a']],
    ['a title that the first half has', title, ['a', 'b', '', '']],
  ])('by %s', (_, by, titles) => {
    it('leads back from a page that others have emptied', async () => {
      const { page, remove } = await users(titles);
      const first = await page(undefined, 2, by);
      expect(first).toMatchObject({ found: [0, 1], next: {} });
      await remove(2, 3);
      const emptied = await page(first.next, 2, by);
      expect(emptied.found).toEqual([]);
      expect(emptied).not.toHaveProperty('next');
      // The resource at which the page began is on the one before.
      expect(await page(emptied.previous, 2, by)).toEqual({ found: [0, 1] });
    });

    it('leads on from a page that others have emptied', async () => {
      const { page, remove } = await users(titles);
      const first = await page(undefined, 2, by);
      const second = await page(first.next, 2, by);
      expect(second).toMatchObject({ found: [2, 3], previous: {} });
      await remove(0, 1);
      const emptied = await page(second.previous, 2, by);
      expect(emptied.found).toEqual([]);
      expect(emptied).not.toHaveProperty('previous');
      expect(await page(emptied.next, 2, by)).toEqual({ found: [2, 3] });
    });

    it('is the first page when all before it has gone', async () => {
      const { page, remove } = await users(titles);
      const first = await page(undefined, 2, by);
      await remove(0, 1);
      expect(await page(first.next, 1, by)).toEqual({ found: [2], next: expect.anything() });
    });
  });

  it('sees what comes before the place only on the way back', async () => {
    const { tenantId, ids, page } = await users(['b', 'd', 'f']);
    const first = await page(undefined, 2, title);
    ids.push(await insertUser(storage.db, tenantId, { userName: 'new-a', title: 'a' }));
    ids.push(await insertUser(storage.db, tenantId, { userName: 'new-e', title: 'e' }));
    const second = await page(first.next, 2, title);
    expect(second.found).toEqual([4, 2]);
    const back = await page(second.previous, 2, title);
    expect(back.found).toEqual([0, 1]);
    expect((await page(back.previous, 2, title)).found).toEqual([3]);
  });

  it('orders long values by as much as the index has of them, then by id', async () => {
    const long = 'x'.repeat(500);
    const { page } = await users([`${long}b`, `${long}a`, long, 'y', 'x']);
    const walk = async (descending: boolean) => {
      const found: number[] = [];
      for (let from: Position | undefined, more = true; more; more = from !== undefined) {
        const one: Awaited<ReturnType<typeof page>> = await page(from, 1, title, descending);
        found.push(...one.found);
        expect(found.length).toBeLessThan(10);
        if (one.next) expect(one.next.key?.length).toBeLessThanOrEqual(500);
        from = one.next;
      }
      return found;
    };
    expect(await walk(false)).toEqual([4, 0, 1, 2, 3]);
    expect(await walk(true)).toEqual([3, 0, 1, 2, 4]);
  });

  it.each([
    [false, []],
    [true, [0, 1]],
  ])(
    'begins at a place without a value where all have one: at the end, or at the beginning',
    async (descending, expected) => {
      const { ids, page } = await users(['a', 'b']);
      const from = { id: ids[1] ?? '', key: null, backwards: false, inclusive: false };
      const found = await page(from, 2, attributeOf(USER_TYPE, 'meta.resourceType'), descending);
      expect(found).toMatchObject({ found: expected });
      expect(found).not.toHaveProperty('next');
      const back = await page({ ...from, backwards: true }, 2, attributeOf(USER_TYPE, 'meta.resourceType'), descending);
      expect(back.found).toEqual([0, 1].slice(expected.length));
    },
  );

  it('gives the page of what the filter selects', async () => {
    const { tenantId, ids } = await users(['a', 'b', 'a', 'b', 'a']);
    const [search] = searchOf(tenantId, USER_TYPE, { filter: filterOf(USER_TYPE, 'title eq "a"') });
    const first = await pageFrom(storage.db, search, undefined, 2);
    const second = await pageFrom(storage.db, search, first.next, 2);
    expect([first, second].map(({ rows }) => rows.map(({ id }) => ids.indexOf(id)))).toEqual([[0, 2], [4]]);
    expect(second).not.toHaveProperty('next');
  });
});
