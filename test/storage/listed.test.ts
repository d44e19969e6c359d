import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { rows, type Storage } from '../../src/storage/database.ts';
import { among, listed } from '../../src/storage/listed.ts';
import { describeEachDatabase } from '../support/database.ts';

describeEachDatabase('rows made of parameters', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it.each([0, 1, 2])('hold %i rows of every type, nulls and odd text included', async (count) => {
    const all = [
      { u: '01890000-0000-7000-8000-000000000000', t: 'a "b", {c} \\ \'d\'', s: 7, i: -1, b: true },
      { u: null, t: null, s: null, i: null, b: false },
    ];
    const list = all.slice(0, count);
    const source = listed([
      ['uuid', list.map(({ u }) => u)],
      ['text', list.map(({ t }) => t)],
      ['smallint', list.map(({ s }) => s)],
      ['int', list.map(({ i }) => i)],
      ['boolean', list.map(({ b }) => b)],
    ]);
    expect(await rows(storage.db, sql`select * from ${source} as l (u, t, s, i, b)`)).toEqual(list);
  });

  it.each([
    [[], []],
    [['b'], ['b']],
    [
      ['c', 'a', 'x'],
      ['a', 'c'],
    ],
  ])('select those among %j', async (asked, found) => {
    const from = listed([['text', ['a', 'b', 'c']]]);
    const selected = await rows<{ t: string }>(
      storage.db,
      sql`select l.t from ${from} as l (t) where ${among(sql`l.t`, asked, 'text')} order by l.t`,
    );
    expect(selected.map(({ t }) => t)).toEqual(found);
  });
});
