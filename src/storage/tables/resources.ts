import { index, integer, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';

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
