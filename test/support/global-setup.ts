import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openStorage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { findPostgres, HOW_TO_GET_POSTGRES, type TestServer } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File with a dump of a migrated embedded database. */
    embeddedSnapshot: string;
    /** Address of a PostgreSQL and its migrated template, or why there is none. */
    postgres: { url: string; template: string } | { skip: string };
  }
}

/** Makes once for all test files what each of them copies: a migrated database of either kind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-test-'));
  const snapshot = path.join(folder, 'embedded.tar');
  writeFileSync(snapshot, await embeddedSnapshot());
  project.provide('embeddedSnapshot', snapshot);

  const server = await findPostgres();
  const template = `rollcall_template_${process.pid}`;
  if (server) {
    await makeTemplate(server, template);
    console.log(`PostgreSQL for the tests: ${server.found}`);
    project.provide('postgres', { url: server.url, template });
  } else {
    const skip = `there is no PostgreSQL; to have it, ${HOW_TO_GET_POSTGRES}`;
    if (process.env.ROLLCALL_TEST_REQUIRE_POSTGRES === '1') throw new Error(`PostgreSQL is required, and ${skip}`);
    console.warn(`Tests on PostgreSQL are skipped: ${skip}`);
    project.provide('postgres', { skip });
  }

  return async () => {
    if (server) {
      await execute(server.url, `drop database if exists "${template}" with (force)`);
      await server.stop();
    }
    rmSync(folder, { recursive: true, force: true });
  };
}

async function embeddedSnapshot(): Promise<Uint8Array> {
  const pglite = await PGlite.create('memory://');
  await migrateEmbedded(drizzle(pglite), { migrationsFolder: 'migrations' });
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return new Uint8Array(await dump.arrayBuffer());
}

async function makeTemplate(server: TestServer, template: string): Promise<void> {
  await execute(server.url, `drop database if exists "${template}" with (force)`);
  await execute(server.url, `create database "${template}"`);
  const url = new URL(server.url);
  url.pathname = `/${template}`;
  const storage = await openStorage({ databaseUrl: url.href, dataDir: 'memory:' });
  await migrate(storage);
  await storage.close();
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
