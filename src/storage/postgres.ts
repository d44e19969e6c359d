import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { failureCode, StorageOpenError } from './errors.ts';
import type { Database, Storage } from './handle.ts';
import { namingClient, StatementNames } from './named-statements.ts';
import * as tables from './tables.ts';

/** Oldest PostgreSQL that is supported, as `server_version_num` has it. */
export const MIN_SERVER_VERSION = 150_000;
const CONNECT_TIMEOUT_MS = 10_000;
// Any number that nobody else uses in the database: R, O, L, L, C by their places in the alphabet.
const MIGRATION_LOCK = 1_815_121_203;

/** Opens a pool of connections to the PostgreSQL at the URL. */
export async function openPostgres(url: string, poolSize: number): Promise<Storage> {
  const connection = connectionOf(url);
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    Client: namingClient(new StatementNames()),
    // Statements here read a page or count: to compile one takes longer than to run it.
    onConnect: (client) => client.query('set jit = off'),
  });
  // A connection that breaks is replaced by the pool at the next query. Unheard, its error would end the process: the
  // pool hears it while the connection is idle, and nobody while it is lent out and between two statements.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = drizzle({ client: pool, schema: tables });
  returnConnections(db, pool);
  try {
    await checkVersion(pool);
  } catch (error) {
    await pool.end();
    throw error instanceof StorageOpenError ? error : refusal(error);
  }
  return {
    db,
    kind: 'postgres',
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    applyMigrations: (folder) => migrateAlone(connection, folder),
    close: () => pool.end(),
  };
}

/**
 * Gives a transaction's connection back to the pool whatever becomes of it. The library's own way keeps it for good when
 * it breaks at the very `begin`, and after a few of these the pool would have none left.
 */
function returnConnections(db: Database, pool: pg.Pool): void {
  const lent = new WeakMap<pg.PoolClient, Database>();
  db.transaction = async (work, config) => {
    const client = await pool.connect();
    try {
      const onClient = lent.get(client) ?? drizzle({ client, schema: tables });
      lent.set(client, onClient);
      return await onClient.transaction(work, config);
    } finally {
      client.release();
    }
  };
}

function connectionOf(url: string): pg.ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new StorageOpenError(
      'DATABASE_URL is not the address of a PostgreSQL. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, and special ' +
        'characters of the password percent-encoded.',
    );
  }
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'rollcall',
  };
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; shown: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as shown",
  );
  const version = rows[0];
  if (!version || version.number < MIN_SERVER_VERSION) {
    throw new StorageOpenError(`PostgreSQL 15 or newer is needed; the server has ${version?.shown ?? 'none'}.`);
  }
}

/** One line that says what to check; the URL may hold a password and is not in it. */
function refusal(error: unknown): StorageOpenError {
  const code = failureCode(error);
  switch (code) {
    case '28P01':
    case '28000':
      return new StorageOpenError('PostgreSQL refused the user or the password of DATABASE_URL.', error);
    case '3D000':
      return new StorageOpenError('The database of DATABASE_URL does not exist. Create it first.', error);
    case '53300':
      return new StorageOpenError('PostgreSQL has no connection left. Raise its max_connections.', error);
    default:
      return new StorageOpenError(
        `No PostgreSQL can be reached at DATABASE_URL (${code ?? 'no answer in time'}). ` +
          'Check host and port, that the server runs, and its TLS settings.',
        error,
      );
  }
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
    await client.query('select pg_advisory_lock($1::bigint)', [MIGRATION_LOCK]);
    await migrate(drizzle({ client, schema: tables }), { migrationsFolder });
  } finally {
    // The lock belongs to the session and goes with it.
    await client.end();
  }
}
