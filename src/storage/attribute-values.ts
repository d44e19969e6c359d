import { type SQL, sql } from 'drizzle-orm';
import type { AttributeValue } from './index-values.ts';
import type { Blanks, Value } from './prebuilt.ts';

/** A row of `attribute_values`. */
export type OwnedValue = AttributeValue & { readonly resourceId: string };

/** Names of the values that `valuesInserted` takes. */
export type AddedBlank = KeyBlank<'added'> | 'added_tag' | 'added_full_value';

/** Names of the values that `valuesDeleted` takes. */
export type RemovedBlank = KeyBlank<'removed'>;

type KeyBlank<Of extends string> = `${Of}_${'attribute' | 'value' | 'resource_id' | 'element'}`;

/** The rows as values of a statement that stores them. */
export function addedValues(values: readonly OwnedValue[]): Record<AddedBlank, unknown[]> {
  return {
    added_attribute: values.map(({ attribute }) => attribute),
    added_value: values.map(({ value }) => value),
    added_resource_id: values.map(({ resourceId }) => resourceId),
    added_element: values.map(({ element }) => element),
    added_tag: values.map(({ tag }) => tag),
    added_full_value: values.map(({ fullValue }) => fullValue),
  };
}

/** The rows as values of a statement that deletes them. */
export function removedValues(values: readonly OwnedValue[]): Record<RemovedBlank, unknown[]> {
  return {
    removed_attribute: values.map(({ attribute }) => attribute),
    removed_value: values.map(({ value }) => value),
    removed_resource_id: values.map(({ resourceId }) => resourceId),
    removed_element: values.map(({ element }) => element),
  };
}

/** The part of a statement that stores values of resources whose ids `of` gives. */
export function valuesInserted(tenantId: Value, added: Blanks<AddedBlank>, of: SQL): SQL {
  return sql`insert into attribute_values (tenant_id, attribute, value, resource_id, element, tag, full_value)
    select ${tenantId}::uuid, v.attribute, v.value, v.resource_id, v.element, v.tag, v.full_value
    from unnest(${added.added_attribute}::int[], ${added.added_value}::text[], ${added.added_resource_id}::uuid[],
      ${added.added_element}::smallint[], ${added.added_tag}::text[], ${added.added_full_value}::text[])
      as v (attribute, value, resource_id, element, tag, full_value)
    where v.resource_id in (${of})`;
}

/**
 * The part of a statement that deletes values of resources whose ids `of` gives and which `which` is about. The resources as
 * a condition of their own, and the rest where it can't become a join, so that the values of each resource are looked up by
 * its id whatever the statistics say.
 */
export function valuesDeleted(tenantId: Value, removed: Blanks<RemovedBlank>, which: SQL, of: SQL): SQL {
  return sql`delete from attribute_values a
    where a.tenant_id = ${tenantId}::uuid and ${which} and (a.resource_id in (${of})) is true
      and ((a.attribute, a.value, a.resource_id, a.element) in (
        select v.attribute, v.value, v.resource_id, v.element
        from unnest(${removed.removed_attribute}::int[], ${removed.removed_value}::text[],
          ${removed.removed_resource_id}::uuid[], ${removed.removed_element}::smallint[])
          as v (attribute, value, resource_id, element)
      )) is true`;
}
