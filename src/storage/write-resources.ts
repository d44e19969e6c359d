import { type SQL, sql } from 'drizzle-orm';
import { fold } from '../schema/fold.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Database, rows } from './handle.ts';
import { type AttributeValue, indexDifference, indexValues } from './index-values.ts';
import { among, type ListedColumn, listed } from './listed.ts';

/** A new resource. */
export interface NewResource {
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  readonly at: Date;
  readonly document: JsonObject;
  readonly passwordHash?: string;
  /** Of one that there was before; else it begins with version 1. */
  readonly version?: number;
  /** Likewise; else it is created `at` that time. */
  readonly created?: Date;
}

/** A changed resource. */
export interface ChangedResource {
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  /** The version that the change makes. */
  readonly version: number;
  readonly at: Date;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Left out: the password stays; null: it is taken away. */
  readonly passwordHash?: string | null;
}

/**
 * Stores new resources in one statement, and gives the ids of those that were stored. One whose unique
 * value is taken, by a stored resource or by one before it in the list, is left out.
 */
export async function insertResources(
  tx: Database,
  tenantId: string,
  resources: readonly NewResource[],
): Promise<Set<string>> {
  // In the order of keys, so that two that store the same ones can't wait for each other.
  const ordered = resources
    .map((row) => ({ row, key: uniqueKeyOf(row.type, row.document) }))
    .sort((a, b) => (a.key === b.key ? 0 : (a.key ?? '') < (b.key ?? '') ? -1 : 1));
  const column = <T>(of: (row: NewResource) => T) => ordered.map(({ row }) => of(row));
  const values = resources.flatMap(({ id, type, document }) => ofResource(id, indexValues(type, document)));
  const source = listed([
    ['uuid', column(({ id }) => id)],
    ['smallint', column(({ type }) => type.number)],
    ['text', ordered.map(({ key }) => key)],
    ['text', column(({ document }) => textAt(document, 'externalId'))],
    ['int', column(({ version = 1 }) => version)],
    ['text', column(({ at, created = at }) => created.toISOString())],
    ['text', column(({ at }) => at.toISOString())],
    ['text', column(({ document }) => jsonTextOf(document))],
    ['text', column(({ type, document }) => displayOf(type, document))],
    ['text', column(({ passwordHash }) => passwordHash ?? null)],
  ]);
  const stored = await rows<{ id: string }>(
    tx,
    sql`with stored as (
        insert into resources (tenant_id, id, type, unique_key, external_id, version, created_at, updated_at, doc,
          display, password_hash)
        select ${tenantId}::uuid, n.id, n.type, n.unique_key, n.external_id, n.version, n.created::timestamptz, n.at::timestamptz,
          n.doc, n.display, n.password_hash
        from ${source} as n (id, type, unique_key, external_id, version, created, at, doc, display, password_hash)
        on conflict (tenant_id, type, unique_key) do nothing returning id
      ), indexed as (
        ${insertValues(tenantId, values)} where v.resource_id in (select id from stored)
      ) select id from stored`,
  );
  return new Set(stored.map(({ id }) => id));
}

/**
 * Stores changes of locked resources, each of another one, in one statement; of their indexed values only those that
 * differ are written. A taken unique value violates the constraint `resources_unique_key`.
 */
export async function updateResources(
  tx: Database,
  tenantId: string,
  resources: readonly ChangedResource[],
): Promise<void> {
  const column = <T>(of: (row: ChangedResource) => T) => resources.map(of);
  const ids = column(({ id }) => id);
  const source = listed([
    ['uuid', ids],
    ['text', column(({ type, after }) => uniqueKeyOf(type, after))],
    ['text', column(({ after }) => textAt(after, 'externalId'))],
    ['int', column(({ version }) => version)],
    ['text', column(({ at }) => at.toISOString())],
    ['text', column(({ after }) => jsonTextOf(after))],
    ['text', column(({ type, after }) => displayOf(type, after))],
    ['boolean', column(({ passwordHash }) => passwordHash !== undefined)],
    ['text', column(({ passwordHash }) => passwordHash ?? null)],
  ]);
  const update = sql`update resources r set unique_key = c.unique_key, external_id = c.external_id, version = c.version,
      updated_at = c.at::timestamptz, doc = c.doc, display = c.display,
      password_hash = case when c.password_changed then c.password_hash else r.password_hash end
    from ${source} as c (id, unique_key, external_id, version, at, doc, display, password_changed, password_hash)
    where r.tenant_id = ${tenantId}::uuid and r.id = c.id and ${among(sql`r.id`, ids)}`;
  const differences = resources.map(({ id, type, before, after }) => {
    const { removed, added } = indexDifference(indexValues(type, before), indexValues(type, after));
    return { removed: ofResource(id, removed), added: ofResource(id, added) };
  });
  const removed = differences.flatMap((difference) => difference.removed);
  const added = differences.flatMap((difference) => difference.added);
  if (removed.length === 0 && added.length === 0) {
    await tx.execute(update);
    return;
  }
  await tx.execute(sql`with changed as (${update}), removed as (${removeValues(tenantId, removed)})
    ${insertValues(tenantId, added)}
    on conflict (tenant_id, attribute, value, resource_id, element)
    do update set tag = excluded.tag, full_value = excluded.full_value`);
}

/**
 * Deletes the resources, their indexed and unique values and their memberships in both directions. Gives the memberships that other
 * groups lost by it.
 */
export async function deleteResources(
  tx: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<{ group: string; member: string }[]> {
  await tx.execute(sql`with removed as (
      delete from attribute_values where tenant_id = ${tenantId}::uuid and ${among(sql`resource_id`, ids)}
    ), freed as (
      delete from unique_values where tenant_id = ${tenantId}::uuid and ${among(sql`resource_id`, ids)}
    ) delete from resources where tenant_id = ${tenantId}::uuid and ${among(sql`id`, ids)}`);
  // A statement of its own: the deletion waited for those who were just adding the resource to a group, and only what
  // starts after it sees their rows.
  return rows<{ group: string; member: string }>(
    tx,
    sql`with emptied as (delete from members where tenant_id = ${tenantId}::uuid and ${among(sql`group_id`, ids)})
      delete from members where tenant_id = ${tenantId}::uuid and ${among(sql`member_id`, ids)}
        and not ${among(sql`group_id`, ids)}
      returning group_id as "group", member_id as member`,
  );
}

/** The folded value by which the resource is unique among those of its type; null when it has none. */
export function uniqueKeyOf(type: ResourceTypeDefinition, document: JsonObject): string | null {
  const value = type.uniqueAttribute === undefined ? null : textAt(document, type.uniqueAttribute);
  return value === null ? null : fold(value);
}

type OwnedValue = AttributeValue & { readonly resourceId: string };

function ofResource(resourceId: string, values: readonly AttributeValue[]): OwnedValue[] {
  return values.map((value) => ({ ...value, resourceId }));
}

function insertValues(tenantId: string, values: readonly OwnedValue[]): SQL {
  const source = listed([
    ...keysOf(values),
    ['text', values.map(({ tag }) => tag)],
    ['text', values.map(({ fullValue }) => fullValue)],
  ]);
  return sql`insert into attribute_values (tenant_id, attribute, value, resource_id, element, tag, full_value)
    select ${tenantId}::uuid, v.attribute, v.value, v.resource_id, v.element, v.tag, v.full_value
    from ${source} as v (attribute, value, resource_id, element, tag, full_value)`;
}

function keysOf(values: readonly OwnedValue[]): ListedColumn[] {
  return [
    ['int', values.map(({ attribute }) => attribute)],
    ['text', values.map(({ value }) => value)],
    ['uuid', values.map(({ resourceId }) => resourceId)],
    ['smallint', values.map(({ element }) => element)],
  ];
}

// The ids as a condition of their own, and the rest where it can't become a join, so that the values of each resource are
// looked up by its id whatever the statistics say.
function removeValues(tenantId: string, values: readonly OwnedValue[]): SQL {
  const ids = [...new Set(values.map((row) => row.resourceId))];
  return sql`delete from attribute_values a
    where a.tenant_id = ${tenantId}::uuid and ${among(sql`a.resource_id`, ids)}
      and ((a.attribute, a.value, a.resource_id, a.element) in (
        select v.attribute, v.value, v.resource_id, v.element
        from ${listed(keysOf(values))} as v (attribute, value, resource_id, element)
      )) is true`;
}

/** What references show of the resource: its displayName, or else its unique attribute. */
function displayOf({ uniqueAttribute }: ResourceTypeDefinition, document: JsonObject): string | null {
  return textAt(document, 'displayName') ?? (uniqueAttribute === undefined ? null : textAt(document, uniqueAttribute));
}

function textAt(document: JsonObject, name: string): string | null {
  const value = document[name];
  return typeof value === 'string' ? value : null;
}
