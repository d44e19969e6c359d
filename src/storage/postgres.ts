import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Storage } from './handle.ts';
import { connectionOf, databaseOn, openPool, type PostgresOptions, refusal } from './postgres-pool.ts';
import { openReplica, type ReplicaWatcher } from './replica.ts';
import * as tables from './tables.ts';

// Any number that nobody else uses in the database: R, O, L, L, C by their places in the alphabet.
const MIGRATION_LOCK = 1_815_121_203;

/** Opens a pool of connections to the PostgreSQL at the URL. */
export async function openPostgres(
  url: string,
  options: PostgresOptions & { readonly readUrl?: string; readonly replicaWatcher?: ReplicaWatcher },
): Promise<Storage> {
  const connection = connectionOf(url);
  const pool = await openPool(url, options);
  const db = databaseOn(pool, options);
  const { readUrl, replicaWatcher } = options;
  const replica = readUrl === undefined ? undefined : await openReplica(readUrl, db, options, replicaWatcher);
  return {
    db,
    kind: 'postgres',
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    applyMigrations: (folder) => migrateAlone(connection, folder),
    ...(replica ? { reads: replica.reads } : {}),
    close: async () => {
      await Promise.all([replica?.close(), pool.end()]);
    },
  };
}

/** Drizzle's migrator breaks when several processes start at once on an empty database; the lock lets one in at a time. */
async function migrateAlone(connection: pg.ClientConfig, migrationsFolder: string): Promise<void> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw refusal(error);
  }
  try {
    // The lock belongs to the transaction: behind a pooler of transactions one of the session would be anybody's.
    await drizzle({ client, schema: tables }).transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`);
      // The migrator asks for the right to make schemas even when there is nothing to make; a server should not need it.
      if (await isUpToDate(client, migrationsFolder)) return;
      await migrate(tx as unknown as Parameters<typeof migrate>[0], { migrationsFolder });
    });
  } finally {
    await client.end();
  }
}

async function isUpToDate(client: pg.Client, migrationsFolder: string): Promise<boolean> {
  const table = await client.query<{ found: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as found",
  );
  if (!table.rows[0]?.found) return false;
  const applied = await client.query<{ last: string | null }>(
    'select max(created_at)::text as last from drizzle.__drizzle_migrations',
  );
  const newest = readMigrationFiles({ migrationsFolder }).at(-1);
  return newest !== undefined && Number(applied.rows[0]?.last ?? 0) >= newest.folderMillis;
}
