import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';

/** What is locked by a name because it has no row yet: numbers that nobody else uses in the database. */
const KINDS = { issuer: 9_191_921, signingKey: 1_907_142 } as const;

/**
 * Waits for whoever else has the lock of that name, and keeps it until the transaction ends: what is read after it is what
 * they left. Two names may have one lock, so it can make others wait and tells nothing.
 */
export async function lockName(tx: Database, kind: keyof typeof KINDS, ...name: readonly string[]): Promise<void> {
  const number = createHash('sha256').update(JSON.stringify(name)).digest().readInt32BE();
  await rows(tx, sql`select pg_advisory_xact_lock(${KINDS[kind]}::int, ${number}::int)`);
}
