import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, describe, inject } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/database.ts';
import './tenant-guard.ts';

/** One of the databases that every test of storage or above runs on. */
export interface TestDatabase {
  readonly name: 'pglite' | 'postgres';
  /** A fresh, migrated database of its own; `close` also drops it. */
  open(): Promise<Storage>;
  /** Why the database is not at hand. */
  readonly skip?: string;
}

/** The databases of the test matrix. */
export function databases(): TestDatabase[] {
  const postgres = inject('postgres');
  return [
    { name: 'pglite', open: openEmbedded },
    'skip' in postgres
      ? { name: 'postgres', open: () => Promise.reject(new Error(postgres.skip)), skip: postgres.skip }
      : { name: 'postgres', open: () => openPostgres(postgres.url, postgres.template) },
  ];
}

/**
 * Describes the same behaviour on every database. `open` gives the block's database: the same one at each call, empty at
 * first, closed after the block. Tests that must not see each other's data make a tenant each.
 */
export function describeEachDatabase(title: string, body: (open: () => Promise<Storage>) => void): void {
  for (const database of databases()) {
    describe.skipIf(database.skip !== undefined)(`${title} (${database.name})`, () => {
      let opened: Promise<Storage> | undefined;
      body(() => {
        opened ??= database.open();
        return opened;
      });
      afterAll(async () => {
        await (await opened)?.close();
      });
    });
  }
}

/** The address of an empty PostgreSQL database and how to drop it, or undefined where there is no PostgreSQL. */
export async function emptyPostgres(): Promise<{ url: string; drop: () => Promise<void> } | undefined> {
  const postgres = inject('postgres');
  return 'skip' in postgres ? undefined : createDatabase(postgres.url, 'template0');
}

function openEmbedded(): Promise<Storage> {
  return openStorage({ dataDir: 'memory:', snapshot: new Blob([readFileSync(inject('embeddedSnapshot'))]) });
}

async function openPostgres(server: string, template: string): Promise<Storage> {
  const { url, drop } = await createDatabase(server, template);
  const storage = await openStorage({ databaseUrl: url, dataDir: 'memory:' });
  return {
    ...storage,
    close: async () => {
      await storage.close();
      await drop();
    },
  };
}

async function createDatabase(server: string, template: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `create database "${name}" template "${template}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `drop database if exists "${name}" with (force)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
