import { sql } from 'drizzle-orm';
import {
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/**
 * Text that compares and orders by code point on every engine. Site collations differ; `"C"` is the same everywhere and
 * lets a prefix be a range.
 */
const textC = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

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
    /** Faults that are played to its clients, see `http/faults.ts`. */
    faults: jsonb('faults'),
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

/** Credentials: only the SHA-256 of a secret is kept. */
export const credentials = pgTable(
  'credentials',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    scheme: text('scheme').notNull(),
    /** Public: names the credential in lists and logs. */
    prefix: text('prefix').notNull(),
    secretHash: textC('secret_hash').notNull(),
    scopes: text('scopes').array().notNull(),
    /** Whose it is: of the organization, a person, a project or a team. */
    kind: text('kind').notNull().default('organization'),
    /** What a key of a team or project may do in the application that the tenant stands for. */
    roles: text('roles').array().notNull().default(sql`'{}'::text[]`),
    /** The group whose key it is. */
    groupId: uuid('group_id'),
    label: text('label'),
    /** The user whom /Me means for it. */
    userId: uuid('user_id'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('credentials_secret').on(table.tenantId, table.secretHash),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);

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

/** Resources of every type, one row each. */
export const resources = pgTable(
  'resources',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    type: smallint('type').notNull(),
    /** Folded value of the type's unique attribute; null where the type has none. */
    uniqueKey: textC('unique_key'),
    externalId: textC('external_id'),
    version: integer('version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** The JSON as served, without members, groups and meta. */
    doc: text('doc').notNull(),
    /** Name under which references show the resource: `members.display`, `groups.display`. */
    display: textC('display'),
    passwordHash: text('password_hash'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('resources_unique_key').on(table.tenantId, table.type, table.uniqueKey),
    index('resources_list').on(table.tenantId, table.type, table.id),
    index('resources_external_id').on(table.tenantId, table.type, table.externalId),
    index('resources_updated_at').on(table.tenantId, table.type, table.updatedAt, table.id),
  ],
);

/** The inverted index: one row for each value that a filter or a sort can name. */
export const attributeValues = pgTable(
  'attribute_values',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Catalog number of resource type and path, see `catalog.ts`. */
    attribute: integer('attribute').notNull(),
    /** Comparable form of the value; of a long one the beginning. */
    value: textC('value').notNull(),
    resourceId: uuid('resource_id').notNull(),
    /** Position in a multi-valued attribute, else 0. */
    element: smallint('element').notNull(),
    /** Folded `type` of the element, so that `emails[type eq "work" and value eq "x"]` is one probe. */
    tag: textC('tag'),
    /** The whole comparable form, where `value` holds only the beginning. */
    fullValue: textC('full_value'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.attribute, table.value, table.resourceId, table.element] }),
    index('attribute_values_resource').on(table.tenantId, table.resourceId),
  ],
);

/** Values of attributes that declare `uniqueness`, beside the unique key of `resources`: one row each. */
export const uniqueValues = pgTable(
  'unique_values',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Catalog number of resource type and path. */
    attribute: integer('attribute').notNull(),
    /** Comparable form of the value, whole: a unique value may be as long as a key. */
    value: textC('value').notNull(),
    resourceId: uuid('resource_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.attribute, table.value] }),
    index('unique_values_resource').on(table.tenantId, table.resourceId),
  ],
);

/** Group memberships, one row each. */
export const members = pgTable(
  'members',
  {
    tenantId: uuid('tenant_id').notNull(),
    groupId: uuid('group_id').notNull(),
    memberId: uuid('member_id').notNull(),
    /** Resource type number of the member. */
    type: smallint('type').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.groupId, table.memberId] }),
    index('members_member').on(table.tenantId, table.memberId, table.groupId),
  ],
);

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
