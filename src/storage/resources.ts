import { type SQL, sql } from 'drizzle-orm';
import { fold } from '../schema/fold.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { isStorable } from './conditions.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { type AttributeValue, indexDifference, indexValues } from './index-values.ts';

/** A stored resource. Instants are texts with milliseconds, in UTC. */
export interface ResourceRow {
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly lastModified: string;
  /** The JSON as served, without members, groups and meta. */
  readonly doc: string;
}

const instant = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a ResourceRow, from `resources r`. */
export const RESOURCE_COLUMNS = sql`r.id, r.version, ${instant(sql`r.created_at`)} as "created",
  ${instant(sql`r.updated_at`)} as "lastModified", r.doc`;

/** The resource of that type and id. */
export async function findResource(
  db: Database,
  tenantId: string,
  typeNumber: number,
  id: string,
): Promise<ResourceRow | undefined> {
  return oneResource(db, tenantId, typeNumber, id, sql``);
}

/**
 * The resource, locked until the transaction ends: nobody else changes or deletes it. Becoming a member of a group does
 * not wait for it.
 */
export async function lockResource(
  tx: Database,
  tenantId: string,
  typeNumber: number,
  id: string,
): Promise<ResourceRow | undefined> {
  return oneResource(tx, tenantId, typeNumber, id, sql`for no key update`);
}

async function oneResource(db: Database, tenantId: string, typeNumber: number, id: string, lock: SQL) {
  if (!isId(id)) return undefined;
  const found = await rows<ResourceRow>(
    db,
    sql`select ${RESOURCE_COLUMNS} from resources r
      where r.tenant_id = ${tenantId}::uuid and r.id = ${id}::uuid and r.type = ${typeNumber}::smallint ${lock}`,
  );
  return found[0];
}

/** The ids of the resources with that externalId; at most two, enough to see that there are several. */
export async function idsByExternalId(
  db: Database,
  tenantId: string,
  typeNumber: number,
  externalId: string,
): Promise<string[]> {
  if (!isStorable(externalId)) return [];
  const found = await rows<{ id: string }>(
    db,
    sql`select id from resources where tenant_id = ${tenantId}::uuid and type = ${typeNumber}::smallint
      and external_id = ${externalId} order by id limit 2`,
  );
  return found.map((row) => row.id);
}

/** The id of the resource whose unique attribute has that folded value. */
export async function idByUniqueKey(
  db: Database,
  tenantId: string,
  typeNumber: number,
  key: string,
): Promise<string | undefined> {
  if (!isStorable(key)) return undefined;
  const found = await rows<{ id: string }>(
    db,
    sql`select id from resources where tenant_id = ${tenantId}::uuid and type = ${typeNumber}::smallint
      and unique_key = ${key}`,
  );
  return found[0]?.id;
}

/** A new resource. */
export interface NewResource {
  readonly tenantId: string;
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  readonly at: Date;
  readonly document: JsonObject;
  readonly passwordHash?: string;
}

/** Stores a new resource with version 1; a taken unique value violates the constraint `resources_unique_key`. */
export async function insertResource(tx: Database, row: NewResource): Promise<void> {
  const { tenantId, type, id, document } = row;
  const at = row.at.toISOString();
  await tx.execute(sql`
    with resource as (
      insert into resources (tenant_id, id, type, unique_key, external_id, version, created_at, updated_at, doc,
        display, password_hash)
      values (${tenantId}::uuid, ${id}::uuid, ${type.number}::smallint, ${uniqueKeyOf(type, document)},
        ${textAt(document, 'externalId')}, 1, ${at}::timestamptz, ${at}::timestamptz, ${JSON.stringify(document)},
        ${displayOf(document)}, ${row.passwordHash ?? null})
    ) ${insertValues(tenantId, id, indexValues(type, document))}`);
}

/** A changed resource. */
export interface ChangedResource {
  readonly tenantId: string;
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

/** Stores a change of a locked resource; of its indexed values only those that differ are written. */
export async function updateResource(tx: Database, row: ChangedResource): Promise<void> {
  const { tenantId, type, id, after } = row;
  const password = row.passwordHash === undefined ? sql`` : sql`, password_hash = ${row.passwordHash}`;
  const update = sql`update resources set unique_key = ${uniqueKeyOf(type, after)},
      external_id = ${textAt(after, 'externalId')}, version = ${row.version}::int,
      updated_at = ${row.at.toISOString()}::timestamptz, doc = ${JSON.stringify(after)}, display = ${displayOf(after)}${password}
    where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`;
  const { removed, added } = indexDifference(indexValues(type, row.before), indexValues(type, after));
  if (removed.length === 0 && added.length === 0) {
    await tx.execute(update);
    return;
  }
  await tx.execute(sql`with resource as (${update}), removed as (${removeValues(tenantId, id, removed)})
    ${insertValues(tenantId, id, added)}
    on conflict (tenant_id, attribute, value, resource_id, element)
    do update set tag = excluded.tag, full_value = excluded.full_value`);
}

/**
 * Deletes the resource, its indexed values and its memberships in both directions. Gives the ids of the groups that had it
 * as a member.
 */
export async function deleteResource(tx: Database, tenantId: string, id: string): Promise<string[]> {
  await tx.execute(sql`with removed as (
      delete from attribute_values where tenant_id = ${tenantId}::uuid and resource_id = ${id}::uuid
    ) delete from resources where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`);
  // A statement of its own: the deletion waited for those who were just adding the resource to a group, and only what
  // starts after it sees their rows.
  const left = await rows<{ group: string }>(
    tx,
    sql`delete from members where tenant_id = ${tenantId}::uuid and (member_id = ${id}::uuid or group_id = ${id}::uuid)
      returning group_id as "group"`,
  );
  return left.map((row) => row.group).filter((group) => group !== id);
}

// Parameters are arrays, one a column: a statement has the same text whatever the number of values. `sql.param` keeps
// drizzle from spreading them.
function insertValues(tenantId: string, id: string, values: readonly AttributeValue[]): SQL {
  return sql`insert into attribute_values (tenant_id, attribute, value, resource_id, element, tag, full_value)
    select ${tenantId}::uuid, v.attribute, v.value, ${id}::uuid, v.element, v.tag, v.full_value
    from unnest(${sql.param(values.map((row) => row.attribute))}::int[],
      ${sql.param(values.map((row) => row.value))}::text[], ${sql.param(values.map((row) => row.element))}::smallint[],
      ${sql.param(values.map((row) => row.tag))}::text[], ${sql.param(values.map((row) => row.fullValue))}::text[])
      as v (attribute, value, element, tag, full_value)`;
}

function removeValues(tenantId: string, id: string, values: readonly AttributeValue[]): SQL {
  return sql`delete from attribute_values a
    using unnest(${sql.param(values.map((row) => row.attribute))}::int[],
      ${sql.param(values.map((row) => row.value))}::text[],
      ${sql.param(values.map((row) => row.element))}::smallint[]) as v (attribute, value, element)
    where a.tenant_id = ${tenantId}::uuid and a.resource_id = ${id}::uuid and a.attribute = v.attribute
      and a.value = v.value and a.element = v.element`;
}

function uniqueKeyOf(type: ResourceTypeDefinition, document: JsonObject): string | null {
  const value = type.uniqueAttribute === undefined ? null : textAt(document, type.uniqueAttribute);
  return value === null ? null : fold(value);
}

/** What references show of the resource. */
function displayOf(document: JsonObject): string | null {
  return textAt(document, 'displayName') ?? textAt(document, 'userName');
}

function textAt(document: JsonObject, name: string): string | null {
  const value = document[name];
  return typeof value === 'string' ? value : null;
}
