import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { COUNT_SECONDS, COUNTS_REMEMBERED_FROM, COUNTS_SIZE, totalOf } from '../../src/storage/counts.ts';
import type { Database } from '../../src/storage/database.ts';

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
