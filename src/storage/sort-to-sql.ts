import { type SQL, sql } from 'drizzle-orm';
import { subAttribute } from '../schema/attribute.ts';
import { leafOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { attributeNumber } from './catalog.ts';
import { expressionOf, resourceColumn, unanswerable } from './columns.ts';

/** By what a search is ordered. */
export type SortOrder =
  /** By an expression over `resources r`. */
  | { readonly kind: 'column'; readonly key: SQL }
  /** By a single-valued attribute: the index has its values in order. */
  | { readonly kind: 'index'; readonly attribute: number }
  /** By an attribute of which a resource may have several values: an expression over `resources r` picks one. */
  | { readonly kind: 'pick'; readonly key: SQL };

/**
 * Whether a search can be sorted by the attribute: it has a simple value, or a `value` sub-attribute, and is neither
 * `members` nor `groups`, nor a secret.
 */
export function isSortable(by: ResolvedAttribute): boolean {
  const { residence } = by.attribute;
  return (residence === 'document' || residence === 'column') && leafOf(withValue(by)).type !== 'complex';
}

/** How a search is ordered by the attribute. */
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
  if (column) return { kind: 'column', key: expressionOf(column) };
  const attribute = attributeNumber(type.name, path.path);
  if (!path.attribute.multiValued && !path.sub?.multiValued) return { kind: 'index', attribute };
  return { kind: 'pick', key: pickedValue(path, attribute, type, tenantId) };
}

/** A complex attribute is sorted by its `value` (RFC 7644 §3.4.2.3 sorts by the value of the primary element). */
function withValue(by: ResolvedAttribute): ResolvedAttribute {
  if (by.sub || by.attribute.type !== 'complex') return by;
  const value = subAttribute(by.attribute, 'value');
  return value ? resolved(by.extension, by.attribute, value) : by;
}

/** The value of the primary element, else of the first that has one. */
function pickedValue(path: ResolvedAttribute, attribute: number, type: ResourceTypeDefinition, tenantId: string): SQL {
  const tenant = sql`${tenantId}::uuid`;
  const primary = subAttribute(path.attribute, 'primary');
  const number = primary && attributeNumber(type.name, resolved(path.extension, path.attribute, primary).path);
  const primaryFirst =
    number === undefined
      ? sql``
      : sql`exists (select 1 from attribute_values p where p.tenant_id = ${tenant} and p.attribute = ${number}::int
          and p.resource_id = s.resource_id and p.element = s.element and p.value = 'true') desc, `;
  return sql`(select coalesce(s.full_value, s.value) from attribute_values s
    where s.tenant_id = ${tenant} and s.resource_id = r.id and s.attribute = ${attribute}::int
    order by ${primaryFirst}s.element, s.value limit 1)`;
}
