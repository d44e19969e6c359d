import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openStorage, rows } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { isUpToDate } from '../../src/storage/schema-state.ts';
import { databases, emptyPostgres } from '../support/database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
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

it.each(databases().filter(({ skip }) => skip === undefined))(
  'finds a schema that is up to date ($name)',
  async ({ open }) => {
    const storage = await open();
    const applied: string[] = [];
    const watched = { ...storage, applyMigrations: async (folder: string) => void applied.push(folder) };
    const older = migrationsUpTo(0);
    try {
      await migrate(watched);
      expect(applied).toEqual([]);
      // A newer server has migrated it.
      expect(await isUpToDate(storage.db, older)).toBe(true);
      await storage.db.execute(
        sql`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
      );
      await migrate(watched);
      expect(applied).toHaveLength(1);
    } finally {
      rmSync(older, { recursive: true });
      await storage.close();
    }
  },
);

describe('the cursor keys of tenants', () => {
  it.each(['embedded', 'postgres'] as const)('are made for those that are there, each another (%s)', async (kind) => {
    const empty = kind === 'postgres' ? await emptyPostgres() : undefined;
    if (kind === 'postgres' && !empty) return;
    const storage = await openStorage({
      dataDir: 'memory:',
      snapshot: null,
      ...(empty ? { databaseUrl: empty.url } : {}),
    });
    const before = migrationsUpTo(0);
    try {
      await storage.applyMigrations(before);
      for (const slug of ['a', 'b']) {
        await storage.db.execute(sql`insert into tenants (id, slug, profile, grade, roles, created_at, updated_at)
          values (gen_random_uuid(), ${slug}, 'rfc', 'lenient', '[]', now(), now())`);
      }
      await storage.applyMigrations(MIGRATIONS);
      const [a, b] = await rows<{ cursor_key: string }>(storage.db, sql`select cursor_key from tenants`);
      // Three random UUIDs.
      expect(a?.cursor_key).toMatch(/^(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}){3}$/);
      expect(a?.cursor_key).not.toBe(b?.cursor_key);
      expect(new Set(a?.cursor_key.match(/.{36}/g)).size).toBe(3);
    } finally {
      rmSync(before, { recursive: true });
      await storage.close();
      await empty?.drop();
    }
  });
});

/** A folder with the migrations up to that one, as an older version had it. */
function migrationsUpTo(index: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  const journal = path.join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, index + 1) }));
  return folder;
}
