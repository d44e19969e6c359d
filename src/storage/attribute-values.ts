import { type SQL, sql } from 'drizzle-orm';
import type { AttributeValue } from './index-values.ts';
import type { Owners } from './one-or-many.ts';
import type { Blanks, Value } from './prebuilt.ts';

/** Names of the values that `valuesInserted` takes. */
export type AddedBlank = KeyBlank<'added'> | 'added_tag' | 'added_full_value';

/** Names of the values that `valuesDeleted` takes. */
export type RemovedBlank = KeyBlank<'removed'>;

type KeyBlank<Of extends string> = `${Of}_${'attribute' | 'value' | 'owner' | 'element'}`;

/** The values for a statement that stores them, of each resource in the order of their ids there. */
export function addedValues(lists: readonly (readonly AttributeValue[])[]): Record<AddedBlank, unknown[] | null> {
  const keys = keyColumns(lists);
  const tags: (string | null)[] = [];
  const fullValues: (string | null)[] = [];
  for (const values of lists) {
    for (const { tag, fullValue } of values) {
      tags.push(tag);
      fullValues.push(fullValue);
    }
  }
  return {
    added_attribute: keys.attributes,
    added_value: keys.values,
    added_owner: keys.owners,
    added_element: keys.elements,
    added_tag: tags,
    added_full_value: fullValues.some((one) => one !== null) ? fullValues : null,
  };
}

/** The values for a statement that deletes them, likewise. */
export function removedValues(lists: readonly (readonly AttributeValue[])[]): Record<RemovedBlank, unknown[]> {
  const { attributes, values, owners, elements } = keyColumns(lists);
  return { removed_attribute: attributes, removed_value: values, removed_owner: owners, removed_element: elements };
}

function keyColumns(lists: readonly (readonly AttributeValue[])[]) {
  const columns = {
    attributes: [] as number[],
    values: [] as string[],
    owners: [] as number[],
    elements: [] as number[],
  };
  for (const [index, list] of lists.entries()) {
    for (const { attribute, value, element } of list) {
      columns.attributes.push(attribute);
      columns.values.push(value);
      // As SQL counts.
      columns.owners.push(index + 1);
      columns.elements.push(element);
    }
  }
  return columns;
}

/** The part of a statement that stores values, those of resources that `written` is about. */
export function valuesInserted(tenantId: Value, added: Blanks<AddedBlank>, { ownerOf, places, written }: Owners): SQL {
  const owner = ownerOf(sql`v.owner`);
  return sql`insert into attribute_values (tenant_id, attribute, value, resource_id, element, tag, full_value)
    select ${tenantId}::uuid, v.attribute, v.value, ${owner}, v.element, v.tag, v.full_value
    from (select unnest(${added.added_attribute}::int[]) as attribute, unnest(${added.added_value}::text[]) as value,
      ${places(added.added_owner)}, unnest(${added.added_element}::smallint[]) as element,
      unnest(${added.added_tag}::text[]) as tag, unnest(${added.added_full_value}::text[]) as full_value) v
    where ${written(owner)}`;
}

/**
 * The part of a statement that deletes values, those of resources that `written` is about. The resources as a condition of
 * their own, and the rest where it can't become a join, so that the values of each resource are looked up by its id whatever
 * the statistics say.
 */
export function valuesDeleted(
  tenantId: Value,
  removed: Blanks<RemovedBlank>,
  { ownerOf, written, among }: Owners,
): SQL {
  return sql`delete from attribute_values a
    where a.tenant_id = ${tenantId}::uuid and ${among(sql`a.resource_id`)} and (${written(sql`a.resource_id`)}) is true
      and ((a.attribute, a.value, a.resource_id, a.element) in (
        select v.attribute, v.value, ${ownerOf(sql`v.owner`)}, v.element
        from unnest(${removed.removed_attribute}::int[], ${removed.removed_value}::text[],
          ${removed.removed_owner}::int[], ${removed.removed_element}::smallint[])
          as v (attribute, value, owner, element)
      )) is true`;
}
