import { type SQL, sql } from 'drizzle-orm';
import { isHidden, subAttribute } from '../schema/attribute.ts';
import { leafOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { attributeNumber } from './catalog.ts';
import { type Column, resourceColumn, unanswerable } from './columns.ts';
import { valuesOf } from './element-to-sql.ts';

/** Conditions that the resource with an id has no such value. */
export interface HasNone {
  /** To be joined. */
  readonly joined: (id: SQL) => SQL;
  /** To be looked up for one resource after another. */
  readonly lookedUp: (id: SQL) => SQL;
  /**
   * Whether there is any resource without a value at all, which is quickly counted, while to look for one among a million takes
   * seconds: PostgreSQL asks it once, and looks for none where there is none.
   */
  readonly any: SQL;
}

/** Where the values are by which resources are ordered. */
export type SortOrder =
  /** In a column of `resources r`, or computed from columns; `always` when it is never null. */
  | { readonly kind: 'column'; readonly column: Column; readonly always: boolean }
  /** In the rows `s` of `values` for which `where` holds, one for each resource that has any; `join` has these as `r`. */
  | {
      readonly kind: 'values';
      readonly values: SQL;
      readonly where: SQL;
      readonly join: SQL;
      readonly hasNone: HasNone;
      readonly severally: Severally | undefined;
    };

/**
 * Another way to the resources that have a value, where there may be several of one. To count them by their rows would take
 * PostgreSQL one look for each row at which of the resource's it is, and the planner takes these for next to none.
 */
export interface Severally {
  /** The condition that the resource with an id has any, to be looked up for one resource after another. */
  readonly has: (id: SQL) => SQL;
  /** All that have any, once each. */
  readonly all: SQL;
}

/**
 * Whether a search can be sorted by the attribute: it has a simple value, or a `value` sub-attribute, and is neither
 * `members` nor `groups`, nor a secret.
 */
export function isSortable(by: ResolvedAttribute): boolean {
  const path = withValue(by);
  const { residence } = path.attribute;
  const hidden = isHidden(path.attribute) || (path.sub !== undefined && isHidden(path.sub));
  return !hidden && (residence === 'document' || residence === 'column') && leafOf(path).type !== 'complex';
}

/** How resources of the type are ordered by the attribute. */
export function sortToSql(
  by: ResolvedAttribute,
  type: ResourceTypeDefinition,
  tenantId: string,
  location: string,
): SortOrder {
  const path = withValue(by);
  if (!isSortable(path)) throw unanswerable(path);
  const column = resourceColumn(type, path, sql.raw('r'), location);
  if (column === 'row') throw unanswerable(path);
  if (column) return { kind: 'column', column, always: path.attribute.residence === 'column' };
  const tenant = sql`${tenantId}::uuid`;
  const attribute = attributeNumber(type.name, path.path);
  const values = (row: SQL) => sql`${row}.tenant_id = ${tenant} and ${row}.attribute = ${attribute}::int`;
  const isMultiple = path.attribute.multiValued || path.sub?.multiValued === true;
  const n = values(sql.raw('n'));
  const has = (id: SQL) => sql`exists (select 1 from ${valuesOf(tenantId, id)} n where ${n})`;
  const hasNone: HasNone = {
    joined: (id) => sql`not exists (select 1 from attribute_values n where ${n} and n.resource_id = ${id})`,
    lookedUp: (id) => sql`not ${has(id)}`,
    // Of several values of one resource a number tells nothing.
    any: isMultiple
      ? sql`true`
      : sql`(select count(*) from attribute_values n where ${n})
        < (select count(*) from resources t where t.tenant_id = ${tenant} and t.type = ${type.number}::smallint)`,
  };
  // The index has the values in order, so it can be walked instead of sorting what it finds.
  const picked = isMultiple ? pickedOnly(path, values, type, tenant) : sql``;
  const where = sql`${values(sql.raw('s'))}${picked}`;
  const join = sql`join resources r on r.tenant_id = ${tenant} and r.id = s.resource_id`;
  const severally = isMultiple
    ? { has, all: sql`(select distinct n.resource_id from attribute_values n where ${n}) n` }
    : undefined;
  return { kind: 'values', values: sql`attribute_values s`, where, join, hasNone, severally };
}

/** A complex attribute is sorted by its `value` (RFC 7644 §3.4.2.3 sorts by the value of the primary element). */
function withValue(by: ResolvedAttribute): ResolvedAttribute {
  if (by.sub || by.attribute.type !== 'complex') return by;
  const value = subAttribute(by.attribute, 'value');
  return value ? resolved(by.extension, by.attribute, value) : by;
}

/** The condition that row `s` has the value of the primary element, else of the first that has one. */
function pickedOnly(
  path: ResolvedAttribute,
  values: (row: SQL) => SQL,
  type: ResourceTypeDefinition,
  tenant: SQL,
): SQL {
  const primary = subAttribute(path.attribute, 'primary');
  const number = primary && attributeNumber(type.name, resolved(path.extension, path.attribute, primary).path);
  const primaryFirst =
    number === undefined
      ? sql``
      : sql`exists (select 1 from attribute_values p where p.tenant_id = ${tenant} and p.attribute = ${number}::int
          and p.resource_id = v.resource_id and p.element = v.element and p.value = 'true') desc, `;
  return sql` and (s.element, s.value) = (select v.element, v.value from attribute_values v
    where ${values(sql.raw('v'))} and v.resource_id = s.resource_id
    order by ${primaryFirst}v.element, v.value limit 1)`;
}
