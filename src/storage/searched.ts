import { type SQL, sql } from 'drizzle-orm';
import { tooMany } from '../protocol/errors.ts';
import { isCancelled } from './errors.ts';
import { type Database, rows } from './handle.ts';
import { SCAN_MARK, SEARCH_MARK } from './search-marks.ts';
import type { Turns } from './turns.ts';

const turnsOf = new WeakMap<Database, Turns>();

/** Has searches without an index take turns on this database, so that they never hold all its connections. */
export function takeTurns(db: Database, turns: Turns): void {
  turnsOf.set(db, turns);
}

/** The rows that a search finds. `scannedOf` is the tenant whose everything it may look at; left out, it may not. */
export async function searched<T>(db: Database, query: SQL, scannedOf: string | undefined): Promise<T[]> {
  const marked = sql`${sql.raw(scannedOf === undefined ? SEARCH_MARK : SCAN_MARK)} ${query}`;
  const turns = scannedOf === undefined ? undefined : turnsOf.get(db);
  try {
    if (!turns || scannedOf === undefined) return await rows<T>(db, marked);
    return await turns.take(scannedOf, () => rows<T>(db, marked));
  } catch (error) {
    throw isCancelled(error) ? tooLong() : error;
  }
}

/** RFC 7644 §3.12: "the specified filter yields many more results than the server is willing to calculate or process". */
function tooLong() {
  return tooMany(
    'The search would look at more than the server is willing to. Make it narrower: compare with eq or sw, join another ' +
      'such term with and, leave out co, ew, ne, not, pr and sortBy. For co and ew on large tenants the operator can ' +
      'add an index: rollcall index trigram.',
  );
}
