import { type AttributeDefinition, subAttribute } from '../../schema/attribute.ts';
import { isObject, type JsonValue } from '../../schema/json.ts';
import type { QuirkSet } from './quirks.ts';

/** `""` → null: some clients clear an attribute so. */
export function isEmptyText(given: JsonValue, quirks: QuirkSet): boolean {
  return given === '' && quirks.has('emptyStringIsNull');
}

/** `["x"]` → `"x"` for a single-valued attribute: older SDKs wrap every PATCH value. */
export function onlyElement(given: readonly JsonValue[], quirks: QuirkSet): JsonValue | undefined {
  return given.length === 1 && quirks.has('singleAsArray') ? given[0] : undefined;
}

/** `701984` → `"701984"`; undefined when the value can't be a string. */
export function stringFrom(given: JsonValue, quirks: QuirkSet): string | undefined {
  if (typeof given === 'string') return given;
  const simple = typeof given === 'number' || typeof given === 'boolean';
  return simple && quirks.has('numbersAsStrings') ? String(given) : undefined;
}

/** `"False"` → `false`; undefined when the value is neither. JavaScript's own truth would read `"False"` as true. */
export function truthFrom(given: JsonValue, quirks: QuirkSet): boolean | undefined {
  if (typeof given === 'boolean') return given;
  if (typeof given !== 'string' || !quirks.has('booleanStrings')) return undefined;
  const word = given.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** `"manager": "26"` → `"manager": {"value": "26"}`, also for elements: `["admin"]` → `[{"value":"admin"}]`. */
export function bareValue(definition: AttributeDefinition, given: JsonValue, quirks: QuirkSet): JsonValue {
  const simple = typeof given === 'string' || typeof given === 'number';
  if (!simple || !quirks.has('bareValue') || !subAttribute(definition, 'value')) return given;
  return { value: given };
}

/** `{"value":"{\"id\":\"…\",\"value\":\"25\"}"}` → `{"id":"…","value":"25"}`: Entra's app roles (clients.md §2.4). */
export function jsonText(definition: AttributeDefinition, given: JsonValue, quirks: QuirkSet): JsonValue {
  if (!quirks.has('jsonText') || !definition.multiValued || !isObject(given)) return given;
  const text = given.value;
  if (typeof text !== 'string' || !text.startsWith('{')) return given;
  try {
    const inner: unknown = JSON.parse(text);
    return isObject(inner) && Object.hasOwn(inner, 'value') && typeof inner.value === 'string' ? inner : given;
  } catch {
    return given;
  }
}
