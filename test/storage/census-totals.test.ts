import { type SQL, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, beforeEach, expect, it, type Mock, vi } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { censusesOf } from '../../src/storage/censuses.ts';
import { COUNTS_REMEMBERED_FROM } from '../../src/storage/counts.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { countResources, type Search, searchResources } from '../../src/storage/search.ts';
import { describeEachDatabase } from '../support/database.ts';
import { asking, LIMITS, usersIn, withExecute } from './census-fixtures.ts';
import { attributeOf, insertUser, insertUsers } from './fixtures.ts';

describeEachDatabase('large totals that censuses know', (open) => {
  let storage: Storage;
  let toldOf: ReturnType<typeof asking>['toldOf'];
  let granted: ReturnType<typeof asking>['granted'];
  const first = { offset: 0, limit: 1 };
  const many = 2 * COUNTS_REMEMBERED_FROM;
  let db: Database;
  let tenantId: string;
  let sent: Mock<(query: SQL) => unknown>;
  beforeAll(async () => {
    storage = await open();
    ({ granted, toldOf } = asking(storage));
    tenantId = v7();
    const users = Array.from({ length: many }, (_, index) => ({
      userName: `${index}`,
      title: `${index % 2}`,
      userType: `${index % 2}`,
    }));
    await insertUsers(storage.db, tenantId, users);
  });
  beforeEach(() => {
    sent = vi.fn(storage.db.execute.bind(storage.db));
    // The same database, whose censuses have limits of their own.
    db = withExecute(storage, sent);
  });

  /** How many the first page tells, and whether they were counted for it. */
  async function paged(search: Search): Promise<{ total: number; counted: boolean }> {
    sent.mockClear();
    const { total } = await searchResources(db, search, first);
    return { total, counted: JSON.stringify(sent.mock.calls).includes('select (0 + (select count(*)') };
  }

  it('tell pages how many there are in all', async () => {
    const censuses = censusesOf(db, LIMITS);
    const search = usersIn(tenantId);
    expect(await paged(search)).toEqual({ total: many, counted: true });
    await granted(censuses, tenantId, undefined);
    expect(await paged(search)).toEqual({ total: many, counted: false });
  });

  it('tell of filters, but small ones are counted each time', async () => {
    const filters = ['title eq "1" and not (nickName pr)', 'title eq "1" and nickName pr'];
    await granted(censusesOf(db, LIMITS), tenantId, ...filters);
    const [large, small] = filters.map((filter) => usersIn(tenantId, filter));
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

  it('tell where there is nobody, so that only that is counted, both halves at once', async () => {
    const filter = 'title eq "1" and userType eq "0"';
    await granted(censusesOf(db, LIMITS), tenantId, filter);
    const limits = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
    const search = { ...usersIn(tenantId, filter), limits };
    const inOrder = {
      ...search,
      types: search.types.map((type) => ({ ...type, sortBy: attributeOf(USER_TYPE, 'title') })),
    };
    const transaction = vi.fn(storage.db.transaction.bind(storage.db));
    Object.assign(db, { transaction });
    sent.mockClear();
    expect(await searchResources(db, inOrder, first)).toEqual({ rows: [], total: 0 });
    // Each half in a transaction, since sets are merged for it; what is asked beside is what has changed meanwhile.
    expect(transaction).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(sent.mock.calls)).not.toContain('title');
    const id = await insertUser(storage.db, tenantId, { userName: 'both', title: '1', userType: '0' });
    // No event tells of it.
    expect(await searchResources(db, inOrder, first)).toMatchObject({ rows: [{ id }], total: 1 });
    await storage.db.execute(sql`delete from resources where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`);
    await storage.db.execute(
      sql`delete from attribute_values where tenant_id = ${tenantId}::uuid and resource_id = ${id}::uuid`,
    );
  });

  it('are made of what is broad, once it was counted', async () => {
    const censuses = censusesOf(db, LIMITS);
    const filter = 'title eq "1" and not (nickName pr)';
    const broad = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
    const search = { ...usersIn(tenantId, filter), limits: broad };
    expect(await countResources(db, search)).toBe(many / 2);
    await expect.poll(() => toldOf(censuses, tenantId, filter)).toBe(many / 2);
  });
});
