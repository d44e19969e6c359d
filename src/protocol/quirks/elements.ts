import type { AttributeDefinition } from '../../schema/attribute.ts';
import { emptyObject, type JsonObject, sameJson } from '../../schema/json.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { isAssumedPrimary } from '../filter/primary.ts';
import { readValue } from '../values.ts';
import type { QuirkSet } from './quirks.ts';

/**
 * The element that a value path asks for when none is there: `emails[type eq "work"].value` → `{"type":"work"}`; undefined
 * when the filter says more than which values are equal to what. Throws `invalidValue` for a value that none could have.
 */
export function elementFromFilter(
  definition: AttributeDefinition,
  filter: CheckedFilter | undefined,
  quirks: QuirkSet,
): JsonObject | undefined {
  if (definition.type !== 'complex') return undefined;
  const element = emptyObject();
  return filter === undefined || fill(element, filter, quirks) ? element : undefined;
}

function fill(element: JsonObject, filter: CheckedFilter, quirks: QuirkSet): boolean {
  if (filter.kind === 'and') return filter.terms.every((term) => fill(element, term, quirks));
  if (isAssumedPrimary(filter)) {
    if (element.primary === true) return false;
    element.primary = false;
    return true;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return false;
  const { sub, path } = filter.path;
  if (!sub || sub.mutability === 'readOnly') return false;
  const value = readValue(sub, sub.multiValued ? [filter.value] : filter.value, path, quirks);
  // Nothing, or two values for one sub-attribute: no element could match.
  if (value === undefined || (element[sub.name] !== undefined && !sameJson(element[sub.name], value))) return false;
  element[sub.name] = value;
  return true;
}
