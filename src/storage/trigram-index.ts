import { sql } from 'drizzle-orm';
import { asOwner } from './errors.ts';
import { type Database, rows } from './handle.ts';

/**
 * The indexes: of names, and of all other values. They begin with the tenant, which takes the extension btree_gin: without it
 * a search in a small tenant would go through what all tenants have in common. Flags and other values that are shorter than
 * a trigram are not in them.
 */
const INDEXES = {
  resources_trigram: 'resources using gin (tenant_id, unique_key gin_trgm_ops)',
  attribute_values_trigram: `attribute_values using gin (tenant_id, (coalesce(full_value, value)) gin_trgm_ops)
    where length(value) >= 3`,
} as const;

/** Builds the indexes in which `co` and `ew` are looked up, beside running servers. False when they were there. */
export function createTrigramIndex(db: Database): Promise<boolean> {
  return asOwner('index trigram', () => create(db));
}

async function create(db: Database): Promise<boolean> {
  for (const extension of ['pg_trgm', 'btree_gin']) {
    await db.execute(sql.raw(`create extension if not exists ${extension}`));
  }
  let built = false;
  for (const [name, definition] of Object.entries(INDEXES)) {
    const [there] = await rows<{ valid: boolean }>(
      db,
      sql`select i.indisvalid as valid from pg_index i where i.indexrelid = to_regclass(${name})`,
    );
    if (there?.valid) continue;
    // What an interrupted run left behind is kept up to date and never used.
    if (there) await db.execute(sql.raw(`drop index concurrently ${name}`));
    await db.execute(sql.raw(`create index concurrently ${name} on ${definition}`));
    built = true;
  }
  if (built) await db.execute(sql.raw('analyze resources, attribute_values'));
  return built;
}

/** Removes the indexes beside running servers; the extensions stay, since others may use them. */
export async function dropTrigramIndex(db: Database): Promise<void> {
  await asOwner('index trigram --drop', async () => {
    for (const name of Object.keys(INDEXES)) await db.execute(sql.raw(`drop index concurrently if exists ${name}`));
  });
}

/** Whether a text has three letters or digits in a row, so that the index has something to look up. */
export function hasTrigram(text: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(text);
}
