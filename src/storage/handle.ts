import { DrizzleQueryError, is, type SQL } from 'drizzle-orm';
import { type PgDatabase, type PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core';
import { isTransient } from './errors.ts';
import { type Ready, readyQuery } from './statement-text.ts';
import type * as tables from './tables.ts';

/** What a query function takes: the database, or a transaction on it. */
export type Database = PgDatabase<PgQueryResultHKT, typeof tables>;

/** Does what only reads, on a replica where there is one that has all that was written; it may be done twice. */
export type Reads = <T>(work: (db: Database) => Promise<T>) => Promise<T>;

/** An open storage. */
export interface Storage {
  readonly db: Database;
  readonly kind: 'embedded' | 'postgres';
  /** Left out: there is no replica. */
  readonly reads?: Reads;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Brings the schema up to date; `migrate.ts` knows the folder. */
  applyMigrations(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Whether the handle is that of a transaction. */
export function isTransaction(db: Database): boolean {
  return is(db, PgTransaction);
}

/** How often a transaction is run before its serialization failure or deadlock is given to the caller. */
export const TRANSACTION_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 10;

/**
 * Runs `work` in one transaction, again when the database could not order it among others. `work` may therefore run more
 * than once and must do nothing that a rollback leaves behind.
 */
export function inTransaction<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  return whileTransient(() => db.transaction((tx) => work(tx)));
}

/** Runs `work`, which writes with one statement or in one transaction, again like `inTransaction` does. */
export async function whileTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRANSACTION_ATTEMPTS || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}

/** Sends a statement whose text is made to the driver itself, and gives its rows. */
export type Send = <T>(text: string, parameters: readonly unknown[]) => Promise<T[]>;

const senders = new WeakMap<Database, Send>();

/** Has raw queries on this handle go to the driver by themselves: the library's way there costs as much as the driver. */
export function sendBy(db: Database, send: Send): void {
  senders.set(db, send);
}

/** The rows of a raw query, whichever driver answered. Cast int8 to int in the query: the drivers disagree on it. */
export async function rows<T>(db: Database, query: SQL): Promise<T[]> {
  const ready = readyQuery(query);
  const send = senders.get(db);
  if (send) return await sent<T>(send, ready);
  const result: unknown = await db.execute(ready);
  if (Array.isArray(result)) return result as T[];
  return (result as { rows: T[] }).rows;
}

async function sent<T>(send: Send, { text, parameters }: Ready): Promise<T[]> {
  try {
    return await send<T>(text, parameters);
  } catch (error) {
    // As the library does, so that the log tells which statement failed.
    throw new DrizzleQueryError(text, parameters, error as Error);
  }
}
