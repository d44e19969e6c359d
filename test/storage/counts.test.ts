import { type SQL, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { COUNT_SECONDS, COUNTS_REMEMBERED_FROM, COUNTS_SIZE, remainderOf, totalOf } from '../../src/storage/counts.ts';
import type { Database } from '../../src/storage/database.ts';
import { readyQuery } from '../../src/storage/statement-text.ts';

let total: number;
let counted: number;
let milliseconds: number;
let db: Database;

beforeEach(() => {
  [counted, milliseconds] = [0, 0];
  db = {} as Database;
});

const read = async () => {
  counted += 1;
  return [{ n: total }];
};
const count = (tenant: string) => totalOf(db, sql`select ${tenant}`, read, () => milliseconds);

it('tells a large total again for a moment, and counts anew after it', async () => {
  total = COUNTS_REMEMBERED_FROM;
  expect(await count('a')).toBe(total);
  total += 1;
  milliseconds = COUNT_SECONDS * 1000 - 1;
  expect(await count('a')).toBe(total - 1);
  milliseconds += 1;
  expect(await count('a')).toBe(total);
  expect(counted).toBe(2);
});

it('counts a smaller one each time', async () => {
  total = COUNTS_REMEMBERED_FROM - 1;
  await count('a');
  await count('a');
  expect(counted).toBe(2);
});

it('keeps totals of other values and of other databases apart', async () => {
  total = COUNTS_REMEMBERED_FROM;
  await count('a');
  await count('b');
  db = { ...db } as Database;
  await count('a');
  expect(counted).toBe(3);
});

it('forgets the oldest where there are too many', async () => {
  total = COUNTS_REMEMBERED_FROM;
  for (let tenant = 0; tenant <= COUNTS_SIZE; tenant++) await count(`${tenant}`);
  counted = 0;
  await count(`${COUNTS_SIZE}`);
  expect(counted).toBe(0);
  await count('0');
  expect(counted).toBe(1);
});

describe('remainderOf', () => {
  let missing: number;
  let asked: string[];
  beforeEach(() => {
    [total, missing, asked] = [COUNTS_REMEMBERED_FROM + 5, 2, []];
  });

  const all = sql`select all`;
  const readBoth = async (query: SQL) => {
    const { text } = readyQuery(query);
    asked.push(text);
    if (text === 'select missing') return [{ n: missing }];
    return [{ n: total - missing, whole: total }];
  };
  const remainder = () => remainderOf(db, all, sql`select missing`, readBoth, () => milliseconds);

  it('counts both at once, and then only what is missing', async () => {
    expect(await remainder()).toBe(total - 2);
    expect(asked).toHaveLength(1);
    missing = 3;
    expect(await remainder()).toBe(total - 3);
    expect(asked.slice(1)).toEqual(['select missing']);
  });

  it('takes the number of all that was counted for itself', async () => {
    expect(await totalOf(db, all, readBoth, () => milliseconds)).toBe(total - 2);
    asked = [];
    missing = 0;
    expect(await remainder()).toBe(total - 2);
    expect(asked).toEqual(['select missing']);
  });

  it('counts both anew where little is left, and after a moment', async () => {
    await remainder();
    missing = 6;
    expect(await remainder()).toBe(COUNTS_REMEMBERED_FROM - 1);
    expect(asked).toHaveLength(3);
    milliseconds += COUNT_SECONDS * 1000;
    missing = 0;
    total += 1;
    expect(await remainder()).toBe(total);
    expect(asked).toHaveLength(4);
  });
});
