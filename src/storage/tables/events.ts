import { index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What happened, one row a change; written in the transaction of the change. */
export const events = pgTable(
  'events',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    /** The last part of the event's URI in RFC 9967 §7.4, such as `create` or `deactivate`; of tasks see `events.ts`. */
    kind: text('kind').notNull(),
    type: smallint('type').notNull(),
    resourceId: uuid('resource_id').notNull(),
    /** Version of the resource after the change. */
    version: integer('version').notNull(),
    /** Names of the attributes that changed. */
    attributes: text('attributes').array().notNull(),
    /** Who did it: `credential:<prefix>` or `operator`. */
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('events_resource').on(table.tenantId, table.resourceId, table.id),
  ],
);
