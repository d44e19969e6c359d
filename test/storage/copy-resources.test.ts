import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { BinaryRows } from '../../src/storage/binary-rows.ts';
import { COPIED_FROM } from '../../src/storage/copy-resources.ts';
import { MAX_INDEXED_LENGTH } from '../../src/storage/cut.ts';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import type { EventRow } from '../../src/storage/events.ts';
import { insertResources, type NewResource } from '../../src/storage/write-resources.ts';
import { describeEachDatabase } from '../support/database.ts';
import { AT } from './fixtures.ts';

const ODD = ['plain', '', 'Jürgen Ω 😀', 'a\tb\nc\\N \\. "quoted", {braces}', 'NULL', 'ﬀ'];

/** A user with values of every kind that the index has. */
function user(number: number, more: JsonObject = {}): NewResource {
  const id = v7();
  const odd = ODD[number % ODD.length] ?? '';
  const document: JsonObject = {
    schemas: [USER_TYPE.schema.id],
    id,
    userName: `${id}@example.com`,
    displayName: `${odd} ${number}`,
    title: odd,
    active: number % 2 === 0,
    profileUrl: `https://example.com/${'long/'.repeat(number === 0 ? MAX_INDEXED_LENGTH : 1)}`,
    emails: [
      { value: `${number}@example.com`, type: 'Work', primary: true },
      { value: `${number}@home.example`, display: odd },
    ],
    ...more,
  };
  return { type: USER_TYPE, id, at: AT, document };
}

const users = (count: number) => Array.from({ length: count }, (_, number) => user(number));

describeEachDatabase('the values of many new resources', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  const store = (tenantId: string, resources: readonly NewResource[]) =>
    inTransaction(storage.db, (tx) => insertResources(tx, tenantId, resources));
  const values = (tenantId: string) =>
    rows<{ id: string }>(
      storage.db,
      sql`select resource_id as id, attribute, value, element, tag, full_value as "full" from attribute_values
        where tenant_id = ${tenantId}::uuid order by resource_id, attribute, value, element`,
    );

  it('are the same as those of each by itself', async () => {
    const [one, another] = [v7(), v7()];
    const many = users(COPIED_FROM);
    await store(one, many);
    for (const single of many) await store(another, [single]);
    const copied = await values(one);
    expect(copied.length).toBeGreaterThan(COPIED_FROM * 8);
    expect(copied).toEqual(await values(another));
  });

  it.each([COPIED_FROM - 1, COPIED_FROM])('are stored for %i, and not of one whose name is taken', async (count) => {
    const tenantId = v7();
    const taken = user(0, { userName: 'ada' });
    await store(tenantId, [taken]);
    const late = user(1, { userName: 'ADA' });
    const stored = await store(tenantId, [...users(count - 1), late]);
    expect(stored.size).toBe(count - 1);
    const owners = new Set((await values(tenantId)).map(({ id }) => id));
    expect(owners).toEqual(new Set([...stored, taken.id]));
  });

  it('are stored in a transaction within another', async () => {
    const tenantId = v7();
    const stored = await inTransaction(storage.db, (tx) =>
      inTransaction(tx, (inner) => insertResources(inner, tenantId, users(COPIED_FROM))),
    );
    expect(new Set((await values(tenantId)).map(({ id }) => id))).toEqual(stored);
  });

  it('are undone with the transaction', async () => {
    const tenantId = v7();
    const many = users(COPIED_FROM);
    const undone = inTransaction(storage.db, async (tx) => {
      await insertResources(tx, tenantId, many);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await values(tenantId)).toEqual([]);
    expect((await store(tenantId, many)).size).toBe(COPIED_FROM);
  });

  it('leave the transaction as it was when one of them is there already', async () => {
    const tenantId = v7();
    const many = users(COPIED_FROM);
    await store(tenantId, many.slice(0, 1));
    // Its rows have lost their resource, and are in the way of its new ones.
    await storage.db.execute(sql`delete from resources where tenant_id = ${tenantId}::uuid`);
    await inTransaction(storage.db, async (tx) => {
      await expect(inTransaction(tx, (inner) => insertResources(inner, tenantId, many))).rejects.toThrow();
      await insertResources(tx, tenantId, users(COPIED_FROM));
    });
    expect(new Set((await values(tenantId)).map(({ id }) => id)).size).toBe(COPIED_FROM + 1);
  });
});

describeEachDatabase('new resources of requests that come at the same time', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  const created = (tenantId: string, { id }: NewResource): EventRow => ({
    tenantId,
    id: v7(),
    kind: 'create',
    typeNumber: USER_TYPE.number,
    resourceId: id,
    version: 1,
    attributes: ['userName'],
    actor: 'operator',
    at: AT,
  });
  const storeEach = (tenantId: string, resources: readonly NewResource[]) =>
    Promise.allSettled(resources.map((one) => insertResources(storage.db, tenantId, [one], [created(tenantId, one)])));
  const count = async (table: string, tenantId: string, ids: readonly string[]) => {
    const id = table === 'resources' ? sql`id` : sql`resource_id`;
    const [found] = await rows<{ n: number }>(
      storage.db,
      sql`select count(distinct ${id})::int as n from ${sql.raw(table)}
        where tenant_id = ${tenantId}::uuid and ${id} = any(${sql.param(ids)}::uuid[])`,
    );
    return found?.n;
  };
  const counts = async (tenantId: string, resources: readonly NewResource[]) => {
    const ids = resources.map(({ id }) => id);
    return {
      resources: await count('resources', tenantId, ids),
      values: await count('attribute_values', tenantId, ids),
      events: await count('events', tenantId, ids),
    };
  };
  const answers = (settled: readonly PromiseSettledResult<ReadonlySet<string>>[]) =>
    settled.map((one) => (one.status === 'fulfilled' ? [...one.value] : 'refused'));

  it('are all stored, with their values and events', async () => {
    const tenantId = v7();
    const many = users(8);
    expect(answers(await storeEach(tenantId, many))).toEqual(many.map(({ id }) => [id]));
    expect(await counts(tenantId, many)).toEqual({ resources: 8, values: 8, events: 8 });
  });

  it.each([
    ['stored', false],
    ['asked for at the same time', true],
  ])('are stored without those whose name is %s', async (_, atOnce) => {
    const tenantId = v7();
    const first = user(0, { userName: 'ada' });
    const late = user(1, { userName: 'ADA' });
    const others = users(5);
    if (!atOnce) await storeEach(tenantId, [first]);
    const list = atOnce ? [first, late, ...others] : [late, ...others];
    const stored = answers(await storeEach(tenantId, list));
    expect(stored).toEqual(list.map((one) => (one === late ? [] : [one.id])));
    expect(await counts(tenantId, others)).toEqual({ resources: 5, values: 5, events: 5 });
    expect(await counts(tenantId, [late])).toEqual({ resources: 0, values: 0, events: 0 });
  });

  it('are stored by themselves where one of them can not be, of which nothing is left', async () => {
    const tenantId = v7();
    const [bad, ...others] = users(6) as [NewResource, ...NewResource[]];
    await storeEach(tenantId, [bad]);
    // Its rows have lost their resource, and are in the way of its new ones.
    await storage.db.execute(sql`delete from resources where tenant_id = ${tenantId}::uuid`);
    const stored = answers(await storeEach(tenantId, [bad, ...others]));
    expect(stored).toEqual(['refused', ...others.map(({ id }) => [id])]);
    expect(await counts(tenantId, others)).toEqual({ resources: 5, values: 5, events: 5 });
    expect(await count('resources', tenantId, [bad.id])).toBe(0);
  });
});

describe('rows in binary form', () => {
  it('grow with what is put into them', () => {
    const long = 'ü'.repeat(10_000);
    const bytes = new BinaryRows().row(2).text(long).text(null).finished();
    expect(bytes.subarray(25, 25 + 20_000).toString()).toBe(long);
    expect(bytes.subarray(-6)).toEqual(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  });
});
