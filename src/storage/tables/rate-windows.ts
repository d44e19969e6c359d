import { integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';

/** How many requests were let in, one row a credential and second or less; rows of past seconds are swept. */
export const rateWindows = pgTable(
  'rate_windows',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** The credential, or the tenant's id for the limit of the whole tenant. */
    subject: uuid('subject').notNull(),
    /** Second since 1970 in which the window begins. */
    second: integer('second').notNull(),
    /** Requests that processes have reserved in it. */
    taken: integer('taken').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.subject, table.second] })],
);
