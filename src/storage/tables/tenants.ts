import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';

/** Tenants: one account or organization, with its dialect. */
export const tenants = pgTable(
  'tenants',
  {
    id: uuid('id').primaryKey(),
    slug: textC('slug').notNull(),
    profile: text('profile').notNull(),
    grade: text('grade').notNull(),
    /** `[{"name","byDefault"}]` in the order in which roles are shown. */
    roles: jsonb('roles').notNull(),
    ownerId: uuid('owner_id'),
    /** What it pays for, see `profiles/profile.ts`. */
    plan: text('plan').notNull().default('enterprise'),
    /** The live tenant whose sandbox this is: a tenant of its own, so that nothing of either is seen in the other. */
    sandboxOf: uuid('sandbox_of'),
    /** A profile of the tenant's own, as JSON, instead of one that ships. */
    ownProfile: text('own_profile'),
    /** Requests a second, where they are agreed on for the tenant; else the profile's for its plan. */
    rateLimit: integer('rate_limit'),
    /** Seconds that an access token lives, where it is another time than for all. */
    tokenLife: integer('token_life'),
    /** Faults that are played to its clients, see `http/faults.ts`. */
    faults: jsonb('faults'),
    /** What is kept of its requests, where that is not what the settings say. */
    requestLog: jsonb('request_log'),
    /** Names of what is switched on, see `profiles/features.ts`. */
    features: text('features').array().notNull().default(sql`'{}'::text[]`),
    /**
     * Secret under which cursors are sealed, the same in every process. It goes nowhere else. A random UUID has 122 random
     * bits, so three have more than the 256 that are needed.
     */
    cursorKey: text('cursor_key')
      .notNull()
      .default(sql`(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)`),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [uniqueIndex('tenants_slug').on(table.slug)],
);
