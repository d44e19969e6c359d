import { getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { StorageOpenError } from './errors.ts';
import { type Database, rows } from './handle.ts';
import * as tables from './tables.ts';

/** The table beside whose rows those of the same tenant lie in all other tables. */
const FIRST = getTableName(tables.resources);
const COLUMN = 'tenant_id';

/** One statement, and what it is for. */
export interface DistributionStep {
  readonly statement: string;
  readonly why: string;
  /** The table that it distributes. */
  readonly table?: string;
}

/**
 * What distributes the tables on Citus, in order. Tables that others refer to come first and are copied to every node, as a
 * reference out of a distributed table can only lead to such; all others are divided by tenant, so that what is of one tenant
 * lies on one node and every statement goes to it alone.
 */
export function distributionSteps(): DistributionStep[] {
  const all: PgTable[] = Object.values(tables).filter((table) => is(table, PgTable));
  const byTenant = all.filter((table) => getTableConfig(table).columns.some(({ name }) => name === COLUMN));
  // A reference can lead to a table that is distributed already, so those that refer to others come after them.
  const refers = (table: PgTable) =>
    getTableConfig(table).foreignKeys.some((key) => byTenant.includes(key.reference().foreignTable));
  const ordered = [byTenant.filter((table) => !refers(table)), byTenant.filter(refers)];
  const names = ordered.flatMap((some) => some.map(getTableName).sort()).filter((name) => name !== FIRST);
  const shared = all.filter((table) => !byTenant.includes(table)).map(getTableName);
  return [
    { statement: 'create extension if not exists citus', why: 'has to be installed on every node' },
    ...shared.map((table) => ({
      statement: `select create_reference_table('${table}')`,
      why: 'is small and read by all: a copy on every node',
      table,
    })),
    {
      statement: `select create_distributed_table('${FIRST}', '${COLUMN}')`,
      why: 'is divided by tenant',
      table: FIRST,
    },
    ...names.map((table) => ({
      statement: `select create_distributed_table('${table}', '${COLUMN}', colocate_with => '${FIRST}')`,
      why: `lies beside the same tenant's ${FIRST}`,
      table,
    })),
  ];
}

/** Carries them out on the database, all or none; a table that is distributed already is left as it is. */
export async function distribute(db: Database): Promise<string[]> {
  const [available] = await rows(db, sql`select 1 from pg_available_extensions where name = 'citus'`);
  if (!available) {
    throw new StorageOpenError(
      'This PostgreSQL has no extension citus. Install it on every node, add it to shared_preload_libraries, and restart.',
    );
  }
  return db.transaction(async (tx) => {
    const [extension, ...steps] = distributionSteps();
    if (extension) await tx.execute(sql.raw(extension.statement));
    const done: string[] = [];
    for (const { table = '', statement } of steps) {
      const [there] = await rows(tx, sql`select 1 from pg_dist_partition where logicalrelid = ${table}::regclass`);
      if (there) continue;
      await tx.execute(sql.raw(statement));
      done.push(table);
    }
    return done;
  });
}
