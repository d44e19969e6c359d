import { sql } from 'drizzle-orm';
import type { Database } from './handle.ts';

/**
 * Gathers statistics of the tables that resources are in. After many were written nothing else does it in time: the
 * embedded engine has no autovacuum, and a server's looks once a minute.
 */
export async function gatherStatistics(db: Database): Promise<void> {
  await db.execute(sql`analyze resources, attribute_values, unique_values, members, events`);
}

/** The same, and clears away what was left of changes, which counts that read an index alone need. */
export async function tidyUp(db: Database): Promise<void> {
  await db.execute(sql`vacuum (analyze) resources, attribute_values, unique_values, members, events`);
}
