import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './handle.ts';
import { makeRoom } from './make-room.ts';
import { type Ready, readyQuery } from './statement-text.ts';

/** Totals from this on are remembered: to count them takes as long as to read a page of a few. */
export const COUNTS_REMEMBERED_FROM = 2000;
/** How long such a total is told without counting again. */
export const COUNT_SECONDS = 2;
/** Most totals that are remembered at a time. */
export const COUNTS_SIZE = 1000;

interface Remembered {
  readonly total: number;
  readonly until: number;
}

const remembered = new WeakMap<Database, Map<string, Remembered>>();

type Read<Row> = (query: SQL) => Promise<readonly Row[]>;
type Clock = () => number;
const CLOCK: Clock = () => performance.now();

/**
 * The number that a query counts, as `n`. A large one may be as old as is said above: who walks through pages by index asks
 * for it with each, and to count a million takes as long as fifty pages.
 */
export async function totalOf(
  db: Database,
  query: SQL,
  read: Read<{ readonly n: number }>,
  now: Clock = CLOCK,
): Promise<number> {
  const ready = readyQuery(query);
  const known = recall(db, ready, now);
  if (known !== undefined) return known;
  const [found] = await read(query);
  const total = found?.n ?? 0;
  remember(db, ready, total, now);
  return total;
}

/**
 * How many of all are not among those that are missing, by a query of each number. Of all there may be a number that is
 * remembered, since whatever has only to be missing something is counted so; what is left, then, is told only where it is
 * as large.
 */
export async function remainderOf(
  db: Database,
  all: SQL,
  missing: SQL,
  read: Read<{ readonly n: number; readonly whole?: number }>,
  now: Clock = CLOCK,
): Promise<number> {
  const ready = readyQuery(all);
  const known = recall(db, ready, now);
  const left = known === undefined ? 0 : known - (await totalOf(db, missing, read, now));
  if (left >= COUNTS_REMEMBERED_FROM) return left;
  const [found] = await read(sql`select a.n as whole, a.n - m.n as n from (${all}) a, (${missing}) m`);
  remember(db, ready, found?.whole ?? 0, now);
  return found?.n ?? 0;
}

function recall(db: Database, query: Ready, now: Clock): number | undefined {
  const counts = remembered.get(db);
  if (!counts || counts.size === 0) return undefined;
  const known = counts.get(digestOf(query));
  return known && known.until > now() ? known.total : undefined;
}

function remember(db: Database, query: Ready, total: number, now: Clock): void {
  const counts = remembered.get(db) ?? new Map<string, Remembered>();
  remembered.set(db, counts);
  const key = counts.size === 0 && total < COUNTS_REMEMBERED_FROM ? undefined : digestOf(query);
  if (key === undefined) return;
  counts.delete(key);
  if (total < COUNTS_REMEMBERED_FROM) return;
  makeRoom(counts, COUNTS_SIZE);
  counts.set(key, { total, until: now() + COUNT_SECONDS * 1000 });
}

/** What a query is known by. A digest: filters are long, and hold personal data. */
export function digestOf({ text, parameters }: Ready): string {
  return createHash('sha256')
    .update(JSON.stringify([text, parameters]))
    .digest('base64');
}
