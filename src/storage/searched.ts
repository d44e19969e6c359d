import { type SQL, sql } from 'drizzle-orm';
import { tooMany } from '../protocol/errors.ts';
import { isCancelled } from './errors.ts';
import { type Database, isTransaction, rows } from './handle.ts';
import { PLAN_MARK, SCAN_MARK, SEARCH_MARK } from './search-marks.ts';
import type { Turns } from './turns.ts';

const turnsOf = new WeakMap<Database, Turns>();

/** Has searches without an index take turns on this database, so that they never hold all its connections. */
export function takeTurns(db: Database, turns: Turns): void {
  turnsOf.set(db, turns);
}

/** Throws a CancelledError where the database would take too long for the search, as it would plan it by itself. */
type Check = (query: SQL) => Promise<void>;

const checkOf = new WeakMap<Database, Check>();

/** Has searches without an index checked on this database before they begin, where nothing can end them once they have. */
export function checkScans(db: Database, check: Check): void {
  checkOf.set(db, check);
}

/**
 * How a statement that joins sets is planned: once for any values, each time for those that it has, or each time and so that
 * sets are merged, or put into tables of hashes, since much is in them.
 */
export type Planning = 'once' | 'anew' | 'merged';

/** The rows that a search finds. `scannedOf` is the tenant whose everything it may look at; left out, it may not. */
export async function searched<T>(
  db: Database,
  query: SQL,
  scannedOf: string | undefined,
  planning: Planning = 'once',
): Promise<T[]> {
  const mark = scannedOf === undefined ? SEARCH_MARK : SCAN_MARK;
  const marked = sql`${sql.raw(planning === 'once' ? mark : `${mark} ${PLAN_MARK}`)} ${query}`;
  const [turns, check] = scannedOf === undefined ? [] : [turnsOf.get(db), checkOf.get(db)];
  const find = async () => {
    await check?.(marked);
    return planning === 'merged' && !isTransaction(db) ? merged<T>(db, marked) : rows<T>(db, marked);
  };
  try {
    if (!turns || scannedOf === undefined) return await find();
    return await turns.take(scannedOf, find);
  } catch (error) {
    throw isCancelled(error) ? tooLong() : error;
  }
}

/**
 * The rows, found without going through one set again for each row of another. That is what PostgreSQL does where it takes a
 * set for a single row, as it does with any value that is rare among all that a database has, of all tenants and attributes:
 * of 5,000 users in a department and 11,000 with a title it compared each with each, for seven seconds.
 */
function merged<T>(db: Database, query: SQL): Promise<T[]> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_nestloop = off`);
    return rows<T>(tx, query);
  });
}

/** RFC 7644 §3.12: "the specified filter yields many more results than the server is willing to calculate or process". */
function tooLong() {
  return tooMany(
    'The search would look at more than the server is willing to. Make it narrower: compare with eq or sw, join another ' +
      'such term with and, leave out co, ew, ne, not, pr and sortBy. For co and ew on large tenants the operator can ' +
      'add an index: rollcall index trigram.',
  );
}
