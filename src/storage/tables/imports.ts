import { foreignKey, integer, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';
import { tenants } from './tenants.ts';

/** Imports that are under way, or were interrupted. */
export const imports = pgTable(
  'imports',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Goes into the ids that it gives, so that a resumed import gives the same ones and another import others. */
    id: uuid('id').notNull(),
    /** SHA-256 of the file: the same file goes on where it stopped. */
    digest: textC('digest').notNull(),
    startedAt: instant('started_at').notNull(),
    /** What becomes of what the tenant has already; null in imports from before this was noted. */
    onConflict: textC('on_conflict'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('imports_digest').on(table.tenantId, table.digest),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);

/** What was carried out of an import, a row for each transaction. */
export const importBatches = pgTable(
  'import_batches',
  {
    tenantId: uuid('tenant_id').notNull(),
    importId: uuid('import_id').notNull(),
    /** Which time the file is gone through. */
    pass: smallint('pass').notNull(),
    /** Which part of the file. */
    batch: integer('batch').notNull(),
    created: integer('created').notNull(),
    replaced: integer('replaced').notNull(),
    skipped: integer('skipped').notNull(),
    /** The problems of its lines, as JSON. */
    problems: text('problems').notNull(),
    /** Numbers of the lines with members that were not there yet, as JSON. */
    unfinished: text('unfinished').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.importId, table.pass, table.batch] }),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);

/** What lines of an import stand for that was there before. */
export const importIds = pgTable(
  'import_ids',
  {
    tenantId: uuid('tenant_id').notNull(),
    importId: uuid('import_id').notNull(),
    /** The id in the file, or `line` and its number where it has none. */
    source: textC('source').notNull(),
    resourceId: uuid('resource_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.importId, table.source] }),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);
