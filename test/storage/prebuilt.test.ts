import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { inTransaction, rows } from '../../src/storage/database.ts';
import { prebuild, prebuilt } from '../../src/storage/prebuilt.ts';
import { describeEachDatabase } from '../support/database.ts';

describe('a prebuilt statement', () => {
  it('has a parameter for each blank, however often it is there, and one for each value', () => {
    const { text } = prebuild(
      sql`select ${sql.placeholder('a')}::int, ${7}::int, ${sql.placeholder('b')}::text, ${sql.placeholder('a')}::int`,
    );
    expect(text).toBe('select $1::int, $2::int, $3::text, $1::int');
  });

  it('is built once', () => {
    let built = 0;
    const query = prebuilt<'n'>(({ n }) => {
      built += 1;
      return sql`select ${n}::int`;
    });
    expect(built).toBe(0);
    query({ n: 1 });
    query({ n: 2 });
    expect(built).toBe(1);
  });
});

describeEachDatabase('prebuilt statements', (open) => {
  const query = prebuilt<'name' | 'ids' | 'no'>(
    ({ name, ids, no }) => sql`select ${name}::text as name, n.id, n.id + ${10}::int as more, ${no}::int as no
      from unnest(${ids}::int[]) as n (id) where ${name}::text <> 'nobody' order by n.id`,
  );

  it('are run with other values each time, in transactions too', async () => {
    const { db } = await open();
    expect(await rows(db, query({ name: 'a', ids: [1, 2], no: null }))).toEqual([
      { name: 'a', id: 1, more: 11, no: null },
      { name: 'a', id: 2, more: 12, no: null },
    ]);
    const within = await inTransaction(db, async (tx) => rows(tx, query({ name: 'b', ids: [3], no: 4 })));
    expect(within).toEqual([{ name: 'b', id: 3, more: 13, no: 4 }]);
    expect(await rows(db, query({ name: 'nobody', ids: [3], no: 4 }))).toEqual([]);
  });

  it('keep hostile values out of their text', async () => {
    const { db } = await open();
    const name = `'; drop table resources; --`;
    expect(await rows(db, query({ name, ids: [1], no: 1 }))).toEqual([{ name, id: 1, more: 11, no: 1 }]);
  });
});
