import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { attribute } from '../../src/schema/attribute.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { resolved } from '../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Storage } from '../../src/storage/database.ts';
import { searchResources } from '../../src/storage/search.ts';
import { isSortable } from '../../src/storage/sort-to-sql.ts';
import { describeEachDatabase } from '../support/database.ts';
import { attributeOf, filterOf, insertUser, searchOf } from './fixtures.ts';

const LONG = 'x'.repeat(500);

// In the order of their ids.
const USERS: readonly JsonObject[] = [
  { userName: 'b', title: 'zebra', externalId: 'B', emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }] },
  { userName: 'A', title: 'Éclair', externalId: 'a', emails: [{ value: 'm@x' }, { value: 'b@x' }] },
  { userName: 'c', emails: [{ type: 'work' }, { value: 'c@x' }] },
  { userName: 'ß', title: 'apple', active: true },
  { userName: 'd', title: 'Zebra', externalId: 'C' },
  { userName: 'e', title: `${LONG}b` },
  { userName: 'f', title: `${LONG}A` },
  { userName: 'g', title: LONG },
];

describeEachDatabase('sorting', (open) => {
  let storage: Storage;
  const tenantId = v7();
  beforeAll(async () => {
    storage = await open();
    for (const [index, user] of USERS.entries()) {
      await insertUser(storage.db, tenantId, user, new Date(Date.UTC(2026, 0, 20 - index)));
    }
  });

  const sorted = async (path: string, descending: boolean, offset = 0, limit = 1000, filter?: string) => {
    const sort = { by: attributeOf(USER_TYPE, path), descending };
    const given = filter === undefined ? {} : { filter: filterOf(USER_TYPE, filter) };
    const { rows, total } = await searchResources(
      storage.db,
      ...searchOf(tenantId, USER_TYPE, { sort, offset, limit, ...given }),
    );
    return {
      total,
      order: rows.map((row) => USERS.findIndex(({ userName }) => userName === JSON.parse(row.doc ?? '{}').userName)),
    };
  };

  // By code point of the folded value; without a value last when ascending, first when descending; then by id.
  it.each([
    ['userName', [1, 0, 2, 4, 5, 6, 7, 3], [3, 7, 6, 5, 4, 2, 0, 1]],
    ['externalId', [0, 4, 1, 2, 3, 5, 6, 7], [2, 3, 5, 6, 7, 1, 4, 0]],
    ['title', [3, 7, 6, 5, 0, 4, 1, 2], [2, 1, 0, 4, 5, 6, 7, 3]],
    ['active', [3, 0, 1, 2, 4, 5, 6, 7], [0, 1, 2, 4, 5, 6, 7, 3]],
    ['emails.value', [0, 2, 1, 3, 4, 5, 6, 7], [3, 4, 5, 6, 7, 1, 2, 0]],
    ['emails', [0, 2, 1, 3, 4, 5, 6, 7], [3, 4, 5, 6, 7, 1, 2, 0]],
    ['id', [0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0]],
    ['meta.created', [7, 6, 5, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['meta.lastModified', [7, 6, 5, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['meta.version', [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['meta.resourceType', [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['meta.location', [0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0]],
    ['schemas', [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('by %s', async (path, ascending, descending) => {
    expect((await sorted(path, false)).order).toEqual(ascending);
    expect((await sorted(path, true)).order).toEqual(descending);
  });

  it('by number, not by digits', async () => {
    const type = {
      ...USER_TYPE,
      schema: { ...USER_TYPE.schema, attributes: [attribute('level', 'A number.', { type: 'integer' })] },
    };
    const tenant = v7();
    const { insertResources } = await import('../../src/storage/write-resources.ts');
    const levels = [10, 9, -1, -10, 0, 100];
    for (const level of levels) {
      const id = v7();
      await insertResources(storage.db, tenant, [{ type, id, at: new Date(0), document: { level } }]);
    }
    const sort = { by: attributeOf(type, 'level'), descending: false };
    const { rows } = await searchResources(storage.db, ...searchOf(tenant, type, { sort }));
    expect(rows.map((row) => JSON.parse(row.doc ?? '{}').level)).toEqual(levels.toSorted((a, b) => a - b));
  });

  describe.each(['title', 'externalId', 'emails.value'])('pages by %s', (path) => {
    it.each([true, false])('make up the whole, descending %s', async (descending) => {
      const whole = (await sorted(path, descending)).order;
      for (const size of [1, 3, 7, 8]) {
        const pages: number[] = [];
        for (let offset = 0; offset < USERS.length + size; offset += size) {
          const { order, total } = await sorted(path, descending, offset, size);
          expect(total).toBe(USERS.length);
          pages.push(...order);
        }
        expect(pages).toEqual(whole);
      }
    });
  });

  it('orders what the filter selects', async () => {
    const filter = 'externalId pr or title eq "apple"';
    expect(await sorted('title', false, 0, 3, filter)).toEqual({ total: 4, order: [3, 0, 4] });
    expect(await sorted('title', false, 3, 3, filter)).toEqual({ total: 4, order: [1] });
  });
});

describe('isSortable', () => {
  it.each(['userName', 'name.familyName', 'emails', 'emails.type', 'meta.created', 'id', 'schemas', 'active'])(
    'holds for %s',
    (path) => {
      expect(isSortable(attributeOf(USER_TYPE, path))).toBe(true);
    },
  );

  it.each(['password', 'groups', 'groups.value', 'name', 'addresses', 'meta'])('does not hold for %s', (path) => {
    expect(isSortable(attributeOf(USER_TYPE, path))).toBe(false);
  });

  it('does not hold for members', () => {
    expect(isSortable(attributeOf(GROUP_TYPE, 'members'))).toBe(false);
    expect(isSortable(resolved(undefined, attributeOf(GROUP_TYPE, 'members.value').attribute))).toBe(false);
  });
});
