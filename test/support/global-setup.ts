import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openStorage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { readSnapshot } from '../../src/storage/snapshot.ts';
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
  // What tests start as processes is what is shipped; from the sources each would take seconds to start.
  execFileSync(process.execPath, ['build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-test-'));
  const snapshot = path.join(folder, 'embedded.gz');
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
  const built = readSnapshot();
  if (!built) throw new Error('The build has made no snapshot.');
  return new Uint8Array(await built.arrayBuffer());
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
