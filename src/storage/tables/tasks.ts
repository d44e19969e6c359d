import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';
import { tenants } from './tenants.ts';

/** Changes that a person has to do in an application without an API, one row each. */
export const tasks = pgTable(
  'tasks',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    /** `provision`, `update` or `deprovision`. */
    kind: text('kind').notNull(),
    /** `open`, `claimed`, `done` or `refused`. */
    status: text('status').notNull(),
    resourceId: uuid('resource_id').notNull(),
    /** Version of the user with the change; of a deletion the one that would have followed. */
    version: integer('version').notNull(),
    /** Names of the attributes that change. */
    attributes: text('attributes').array().notNull(),
    /** The user before the change, so that a refusal can restore it, as the JSON that `tasks.ts` describes. */
    before: text('before'),
    /** The document after the change, as JSON; null when there is none. */
    after: text('after'),
    /** Who does it, or did, in their own words. */
    claimedBy: text('claimed_by'),
    /** Why it was refused, or what was noted when it was done. */
    note: text('note'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('tasks_status').on(table.tenantId, table.status, table.id),
    index('tasks_resource').on(table.tenantId, table.resourceId, table.id),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);
