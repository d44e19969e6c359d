import { index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';

/** What happened, one row a change; written in the transaction of the change, and never changed or deleted. */
export const events = pgTable(
  'events',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    /** The last part of the event's URI in RFC 9967 §7.4, such as `create` or `deactivate`; others see `events/kinds.ts`. */
    kind: text('kind').notNull(),
    /** 0 where no resource but the tenant's administration is told of. */
    type: smallint('type').notNull(),
    /** Of administration: the credential, else the tenant. */
    resourceId: uuid('resource_id').notNull(),
    /** Version of the resource after the change; of a deletion the last one. */
    version: integer('version').notNull(),
    /** Names of the attributes that changed. */
    attributes: text('attributes').array().notNull(),
    /** Who did it: `credential:<prefix>` or `operator`. */
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
    /** The request that asked for it, as the log names it; null for commands. */
    requestId: text('request_id'),
    /** What was administered, as JSON; events of resources have none, so that they hold no personal data. */
    detail: text('detail'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('events_resource').on(table.tenantId, table.resourceId, table.id),
  ],
);

/**
 * Batches of events, each sealed by a hash that includes the one before. Only inserted into: a batch lists its events, so
 * that no event has to be touched when it is sealed.
 */
export const seals = pgTable(
  'seals',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** From 1 on, without gaps. */
    number: integer('number').notNull(),
    /** Hash of the seal before, in hex; of the first one zeros. */
    previous: textC('previous').notNull(),
    /** SHA-256 in hex, see `events/seal.ts`. */
    hash: textC('hash').notNull(),
    /** The ids of the events, in the order in which they were hashed. */
    events: uuid('events').array().notNull(),
    /** The lowest of the ids, and the highest: which seals may hold an event. */
    firstId: uuid('first_id').notNull(),
    lastId: uuid('last_id').notNull(),
    /** When the first of the events happened, and the last. */
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    sealedAt: instant('sealed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.number] }),
    index('seals_events').on(table.tenantId, table.lastId, table.firstId),
  ],
);
