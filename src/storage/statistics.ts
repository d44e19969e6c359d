import { sql } from 'drizzle-orm';
import { type Database, inTransaction } from './handle.ts';

/**
 * Gathers statistics of the tables that resources are in. After many were written nothing else does it in time: the
 * embedded engine has no autovacuum, and a server's looks once a minute. The largest table is looked at beside the others.
 */
export async function gatherStatistics(db: Database): Promise<void> {
  await Promise.all([
    db.execute(sql`analyze attribute_values`),
    db.execute(sql`analyze resources, unique_values, members, events`),
  ]);
}

/** The same of a tenth of the sample, as long as many are still being written: sizes matter then, and soon differ again. */
export async function gatherStatisticsMeanwhile(db: Database): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.execute(sql`set local default_statistics_target = 10`);
    await tx.execute(sql`analyze resources, attribute_values, unique_values, members, events`);
  });
}

/**
 * The same in the embedded engine. A sample is held in memory, which the engine never gives back, and of whole resources it
 * takes 60 MB: these are looked up by their keys, so a small one will do. What searches go by is the index of values.
 */
export const EMBEDDED_STATISTICS: readonly string[] = [
  'set default_statistics_target = 20',
  'analyze',
  'reset default_statistics_target',
  'analyze attribute_values',
];

/** The same there, and clears away what was left of changes, which counts that read an index alone need. */
export async function tidyUp(db: Database): Promise<void> {
  await db.execute(sql`vacuum resources, attribute_values, unique_values, members, events`);
  for (const statement of EMBEDDED_STATISTICS) await db.execute(sql.raw(statement));
}
