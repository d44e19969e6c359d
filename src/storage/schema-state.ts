import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { failureCode } from './errors.ts';
import { type Database, rows } from './handle.ts';

const UNDEFINED_TABLE = '42P01';

/** Whether the database has had the last migration of the folder, or a later one of a newer server. */
export async function isUpToDate(db: Database, migrationsFolder: string): Promise<boolean> {
  const applied = await lastApplied(db);
  return applied !== undefined && applied >= lastIn(migrationsFolder);
}

/** When the migration was made that was applied last. */
async function lastApplied(db: Database): Promise<number | undefined> {
  try {
    // As text: int8 is never read raw.
    const [row] = await rows<{ last: string | null }>(
      db,
      sql`select max(created_at)::text as last from drizzle.__drizzle_migrations`,
    );
    return row?.last ? Number(row.last) : undefined;
  } catch (error) {
    if (failureCode(error) === UNDEFINED_TABLE) return undefined;
    throw error;
  }
}

function lastIn(migrationsFolder: string): number {
  const journal = JSON.parse(readFileSync(path.join(migrationsFolder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  return Math.max(...journal.entries.map(({ when }) => when));
}
