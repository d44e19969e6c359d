import { createHash } from 'node:crypto';
import pg from 'pg';
import { makeRoom } from './make-room.ts';
import { isPlannedEachTime } from './search-marks.ts';
import { Statement } from './statement.ts';

/**
 * Most statements that are prepared on a connection. The server keeps each until the connection ends, and texts that
 * filters make are without end; those beyond it are planned anew each time.
 */
export const MAX_NAMED_STATEMENTS = 500;
/**
 * Longest text of a statement that is prepared, in UTF-16 units: several times what requests send. That of a filter of hundreds
 * of terms is neither remembered here, nor kept with its plan by every backend.
 */
export const MAX_NAMED_LENGTH = 8192;

/** Gives statements the name under which a connection prepares them, so that each is parsed and planned once. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  // A text that comes once, such as that of a rare filter, is not worth a place on the server, nor may many of them take
  // the places of others: the oldest are forgotten.
  readonly #seenOnce = new Set<string>();

  /**
   * The name of a statement; undefined the first time that its text is seen, when there are too many already, and where it is
   * to be planned each time, or long: what has a name gets a plan for any values when it has been sent a few times.
   */
  nameOf(text: string): string | undefined {
    if (isPlannedEachTime(text) || text.length > MAX_NAMED_LENGTH) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_NAMED_STATEMENTS) return known;
    if (!this.#seenOnce.delete(text)) {
      makeRoom(this.#seenOnce, MAX_NAMED_STATEMENTS);
      this.#seenOnce.add(text);
      return undefined;
    }
    const name = createHash('sha1').update(text).digest('hex');
    this.#names.set(text, name);
    return name;
  }
}

/** A statement as Drizzle gives it to pg, with the values beside it. */
interface Worded {
  readonly text: string;
  name?: string | undefined;
}

type Query = (statement: Worded, values?: unknown[], callback?: () => void) => unknown;

/** A kind of client that prepares the statements which have values, under these names. */
export function namingClient(names: StatementNames): typeof pg.Client {
  class NamingClient extends pg.Client {}
  const query = pg.Client.prototype.query as Query;
  const named: Query = function (this: pg.Client, statement, values, callback) {
    const hasValues = statement instanceof Statement ? statement.hasValues : Array.isArray(values) && values.length > 0;
    const name = hasValues ? names.nameOf(statement.text) : undefined;
    // It was made for this one query, so it may be written to.
    if (name !== undefined) statement.name = name;
    return query.call(this, statement, values, callback);
  };
  // By its declaration pg's method is a dozen overloads; this is the one that is used here, and others pass through it.
  NamingClient.prototype.query = named as typeof NamingClient.prototype.query;
  return NamingClient;
}
