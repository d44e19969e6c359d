import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openStorage, rows } from '../../src/storage/database.ts';
import { databases, emptyPostgres } from '../support/database.ts';

const MIGRATOR = fileURLToPath(new URL('../support/migrate-database.ts', import.meta.url));
const REPLICAS = 4;
const postgres = databases().find(({ name }) => name === 'postgres');

describe.skipIf(postgres?.skip !== undefined)('migrate', () => {
  it('lets several processes start at once on an empty database', { timeout: 60_000 }, async () => {
    const empty = await emptyPostgres();
    if (!empty) throw new Error('no PostgreSQL');
    const run = () => promisify(execFile)(process.execPath, ['--import', 'tsx', MIGRATOR, empty.url]);
    await Promise.all(Array.from({ length: REPLICAS }, run));

    const storage = await openStorage({ databaseUrl: empty.url, dataDir: 'memory:' });
    const applied = await rows(storage.db, sql`select distinct hash from drizzle.__drizzle_migrations`);
    const all = await rows(storage.db, sql`select hash from drizzle.__drizzle_migrations`);
    await storage.close();
    await empty.drop();
    expect(all.length).toBeGreaterThan(0);
    expect(all).toHaveLength(applied.length);
  });
});
