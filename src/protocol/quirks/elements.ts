import type { AttributeDefinition } from '../../schema/attribute.ts';
import { emptyObject, type JsonObject } from '../../schema/json.ts';
import type { CheckedFilter } from '../filter/ast.ts';

/**
 * The element that a value path asks for when none is there: `emails[type eq "work"].value` → `{"type":"work"}`; undefined
 * when the filter says more than which values are equal to what.
 */
export function elementFromFilter(
  definition: AttributeDefinition,
  filter: CheckedFilter | undefined,
): JsonObject | undefined {
  if (definition.type !== 'complex') return undefined;
  const element = emptyObject();
  return filter === undefined || fill(element, filter) ? element : undefined;
}

function fill(element: JsonObject, filter: CheckedFilter): boolean {
  if (filter.kind === 'and') return filter.terms.every((term) => fill(element, term));
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || !filter.path.sub) return false;
  element[filter.path.sub.name] = filter.value;
  return true;
}
