import { integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/**
 * Requests and their answers, one row each, and rows that tell of requests which were not kept. Rows come at the end and go
 * at the beginning, in the order of their ids, so the primary key is the only index: a search walks it from the newest on.
 */
export const requestLog = pgTable(
  'request_log',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** UUID v7 of the time when the request was answered. */
    id: uuid('id').notNull(),
    /** When it came. */
    at: instant('at').notNull(),
    /** Empty in a row that tells of requests not kept. */
    requestId: text('request_id').notNull(),
    /** Prefix of the credential; empty where there was none. */
    credential: text('credential').notNull(),
    method: text('method').notNull(),
    /** With the query. */
    path: text('path').notNull(),
    /** Empty where the path met none. */
    route: text('route').notNull(),
    status: smallint('status').notNull(),
    scimType: text('scim_type').notNull(),
    microseconds: integer('microseconds').notNull(),
    /** Ids of the resources concerned, and folded names of users, each between line breaks. */
    subjects: text('subjects').notNull(),
    requestBody: text('request_body').notNull(),
    responseBody: text('response_body').notNull(),
    /** JSON: headers, sizes, what changed, which tolerances were needed. */
    details: text('details').notNull(),
    /** Requests that were not kept, in a row that tells of these. */
    missed: integer('missed').notNull(),
    /** What the row counts towards the size of the tenant's log, in bytes. */
    size: integer('size').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);
