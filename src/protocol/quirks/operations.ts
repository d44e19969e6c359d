import type { JsonValue } from '../../schema/json.ts';
import type { QuirkSet } from './quirks.ts';
import { isEmptyText } from './values.ts';

/** `"op": "Replace"` → `"op": "replace"`; undefined when it is no operation. */
export function operationName(
  given: JsonValue | undefined,
  quirks: QuirkSet,
): 'add' | 'remove' | 'replace' | undefined {
  const name = typeof given === 'string' && quirks.has('operationCase') ? given.toLowerCase() : given;
  return name === 'add' || name === 'remove' || name === 'replace' ? name : undefined;
}

/** `"path": null` → no path. */
export function withoutNull(given: JsonValue | undefined, quirks: QuirkSet): JsonValue | undefined {
  return given === null && quirks.has('nullOperationFields') ? undefined : given;
}

/**
 * Whether a remove names the elements to remove in its value: `{"op":"remove","path":"members","value":[{"value":"A"}]}`
 * → the removal of `members[value eq "A"]`. Read by the letter it would remove all of them.
 */
export function namesElements(value: JsonValue | undefined, quirks: QuirkSet): value is Exclude<JsonValue, null> {
  return value !== undefined && value !== null && !isEmptyText(value, quirks);
}
