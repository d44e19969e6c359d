import type { JsonValue } from '../../schema/json.ts';
import { type QuirkSet, takes } from './quirks.ts';
import { isEmptyText } from './values.ts';

/** `"op": "Replace"` → `"op": "replace"`; undefined when it is no operation. */
export function operationName(
  given: JsonValue | undefined,
  quirks: QuirkSet,
): 'add' | 'remove' | 'replace' | undefined {
  const name = typeof given === 'string' ? given.toLowerCase() : given;
  if (name !== 'add' && name !== 'remove' && name !== 'replace') return undefined;
  return name === given || takes(quirks, 'operationCase') ? name : undefined;
}

/** `"path": null` → no path. */
export function withoutNull(given: JsonValue | undefined, quirks: QuirkSet): JsonValue | undefined {
  return given === null && takes(quirks, 'nullOperationFields') ? undefined : given;
}

/**
 * Whether a remove names the elements to remove in its value: `{"op":"remove","path":"members","value":[{"value":"A"}]}`
 * → the removal of `members[value eq "A"]`. Read by the letter it would remove all of them.
 */
export function namesElements(value: JsonValue | undefined, quirks: QuirkSet): value is Exclude<JsonValue, null> {
  return value !== undefined && value !== null && !isEmptyText(value, quirks);
}
