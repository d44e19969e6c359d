import { createHash } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import type { Database } from './handle.ts';
import { readyQuery } from './statement-text.ts';

/** Totals from this on are remembered: to count them takes longer than to read a page. */
export const COUNTS_REMEMBERED_FROM = 10_000;
/** How long such a total is told without counting again. */
export const COUNT_SECONDS = 2;
/** Most totals that are remembered at a time. */
export const COUNTS_SIZE = 1000;

interface Remembered {
  readonly total: number;
  readonly until: number;
}

const remembered = new WeakMap<Database, Map<string, Remembered>>();

/**
 * The number that a query counts, as `n`. A large one may be as old as is said above: who walks through pages by index asks
 * for it with each, and to count a million takes as long as fifty pages.
 */
export async function totalOf(
  db: Database,
  query: SQL,
  read: (query: SQL) => Promise<readonly { readonly n: number }[]>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const ready = readyQuery(query);
  const counts = remembered.get(db) ?? new Map<string, Remembered>();
  remembered.set(db, counts);
  // A digest: filters are long, and hold personal data.
  const key = counts.size === 0 ? undefined : keyOf(ready);
  const known = key === undefined ? undefined : counts.get(key);
  if (known && known.until > now()) return known.total;
  const [found] = await read(query);
  const total = found?.n ?? 0;
  if (key !== undefined) counts.delete(key);
  if (total >= COUNTS_REMEMBERED_FROM) remember(counts, keyOf(ready), { total, until: now() + COUNT_SECONDS * 1000 });
  return total;
}

function remember(counts: Map<string, Remembered>, key: string, count: Remembered): void {
  // A Map keeps the order of insertion, so its first key is the oldest.
  const [oldest] = counts.keys();
  if (counts.size >= COUNTS_SIZE && oldest !== undefined) counts.delete(oldest);
  counts.set(key, count);
}

function keyOf({ text, parameters }: ReturnType<typeof readyQuery>): string {
  return createHash('sha256')
    .update(JSON.stringify([text, parameters]))
    .digest('base64');
}
