import { sql } from 'drizzle-orm';
import { foreignKey, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';
import { tenants } from './tenants.ts';

/** Schemas that a tenant registered, each as the JSON of RFC 7643 §7. */
export const schemas = pgTable(
  'schemas',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** The URN in lower case (RFC 7644 §3.10). */
    urn: textC('urn').notNull(),
    definition: text('definition').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.urn] }),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);

/** Resource types that a tenant registered, and the extensions that it gave to built-in ones. */
export const resourceTypes = pgTable(
  'resource_types',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Under which resources of the type are stored. Never given twice, so a removed type keeps its row. */
    number: smallint('number').notNull(),
    name: textC('name').notNull(),
    /** The JSON of RFC 7643 §6. */
    definition: text('definition').notNull(),
    createdAt: instant('created_at').notNull(),
    removedAt: instant('removed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.number] }),
    uniqueIndex('resource_types_name')
      .on(table.tenantId, sql`lower(${table.name})`)
      .where(sql`${table.removedAt} is null`),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);
