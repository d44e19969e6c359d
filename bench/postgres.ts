import { totalmem } from 'node:os';
import pg from 'pg';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { postmasterOf } from './cpu.ts';

/** More than all that is measured takes. */
const MOST_SHARED_MB = 8192;

/**
 * Durable, and as docs/scaling.md advises for production, but that nothing is done meanwhile at somebody's expense: no vacuum,
 * and no checkpoint, after which each page is written whole once.
 */
const SETTINGS = [
  `shared_buffers=${Math.min(MOST_SHARED_MB, Math.floor(totalmem() / 2 ** 20 / 4))}MB`,
  'max_wal_size=16GB',
  'checkpoint_timeout=1h',
  'max_connections=100',
  'autovacuum=off',
];

/** A PostgreSQL to measure on. */
export interface Postgres {
  readonly version: string;
  /** The process above all its backends, when it runs on this machine. */
  readonly pid: number | undefined;
  /** Makes an empty database and gives its address. */
  create(name: string): Promise<string>;
  /** Vacuums and analyzes a database. */
  settle(url: string): Promise<void>;
  /** Drops what was made, and stops what was started. */
  close(): Promise<void>;
}

/** The PostgreSQL of DATABASE_URL, in which databases may be created, or one that is started for the run. */
export async function findPostgres(): Promise<Postgres> {
  const given = process.env.DATABASE_URL;
  const started = given ? undefined : await startCluster({ settings: SETTINGS });
  const url = given ?? started?.url;
  if (url === undefined) throw new Error('No PostgreSQL is installed here; set DATABASE_URL to one.');
  const made: string[] = [];
  const drop = async (name: string) => run(url, `drop database if exists "${name}" with (force)`);
  const about = await connected(url, async (client) => {
    const { rows } = await client.query<{ version: string; backend: number }>(
      "select current_setting('server_version') as version, pg_backend_pid() as backend",
    );
    // While the connection is open: its backend ends with it.
    return { version: rows[0]?.version ?? '', pid: postmasterOf(rows[0]?.backend ?? 0) };
  });
  return {
    ...about,
    create: async (name) => {
      await drop(name);
      await run(url, `create database "${name}"`);
      made.push(name);
      const created = new URL(url);
      created.pathname = `/${name}`;
      return created.href;
    },
    settle: async (database) => {
      await run(database, 'vacuum analyze');
    },
    close: async () => {
      // A cluster that was started goes as a whole.
      if (started) return started.stop();
      for (const name of made) await drop(name);
    },
  };
}

async function run(url: string, text: string): Promise<void> {
  await connected(url, (client) => client.query(text));
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
