import { type AttributeDefinition, subAttribute } from '../../schema/attribute.ts';
import { emptyObject, isNumber, isObject, type JsonObject, type JsonValue, memberNamed } from '../../schema/json.ts';
import { ExactNumber } from '../../schema/number.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { parseJsonBody } from '../json.ts';
import { type QuirkSet, takes } from './quirks.ts';

/** `""` → null: some clients clear an attribute so. */
export function isEmptyText(given: JsonValue, quirks: QuirkSet, path?: string): boolean {
  return given === '' && takes(quirks, 'emptyStringIsNull', path);
}

/** Whether a value leaves an attribute unassigned: null, [] (RFC 7643 §2.5), nothing at all, and `""` as above. */
export function isUnassigned(given: JsonValue | undefined, quirks: QuirkSet): given is null | undefined {
  if (given === undefined || given === null) return true;
  return Array.isArray(given) ? given.length === 0 : isEmptyText(given, quirks);
}

/** `["x"]` → `"x"` for a single-valued attribute: older SDKs wrap every PATCH value. */
export function onlyElement(given: readonly JsonValue[], quirks: QuirkSet, path?: string): JsonValue | undefined {
  return given.length === 1 && takes(quirks, 'singleAsArray', path) ? given[0] : undefined;
}

/** `701984` → `"701984"`; undefined when the value can't be a string. */
export function stringFrom(given: JsonValue, quirks: QuirkSet, path?: string): string | undefined {
  if (typeof given === 'string') return given;
  const isSimple = isNumber(given) || typeof given === 'boolean';
  if (!isSimple || !takes(quirks, 'numbersAsStrings', path)) return undefined;
  return given instanceof ExactNumber ? given.text : String(given);
}

/** `"False"` → `false`; undefined when the value is neither. JavaScript's own truth would read `"False"` as true. */
export function truthFrom(given: JsonValue, quirks: QuirkSet, path?: string): boolean | undefined {
  if (typeof given === 'boolean') return given;
  const word = typeof given === 'string' ? given.toLowerCase() : undefined;
  if (word !== 'true' && word !== 'false') return undefined;
  return takes(quirks, 'booleanStrings', path) ? word === 'true' : undefined;
}

/** `"manager": "26"` → `"manager": {"value": "26"}`, also for elements: `["admin"]` → `[{"value":"admin"}]`. */
export function bareValue(
  definition: AttributeDefinition,
  given: JsonValue,
  quirks: QuirkSet,
  path?: string,
): JsonValue {
  const simple = typeof given === 'string' || isNumber(given);
  if (!simple || !subAttribute(definition, 'value') || !takes(quirks, 'bareValue', path)) return given;
  return Object.assign(emptyObject(), { value: given });
}

/** `{"value":"{\"id\":\"…\",\"value\":\"25\"}"}` → `{"id":"…","value":"25"}`: Entra's app roles. */
export function jsonText(
  definition: AttributeDefinition,
  given: JsonValue,
  quirks: QuirkSet,
  path?: string,
): JsonValue {
  if (!quirks.has('jsonText') || !definition.multiValued || !isObject(given)) return given;
  const text = memberNamed(given, 'value');
  if (typeof text !== 'string' || !text.startsWith('{')) return given;
  try {
    const inner = parseJsonBody(text);
    if (!isObject(inner) || typeof memberNamed(inner, 'value') !== 'string') return given;
    quirks.took?.('jsonText', path);
    return inner;
  } catch {
    return given;
  }
}

/** `{"urn:…:core:2.0:User": {"userName": "x"}}` → `{"userName": "x"}`; RFC 7643 §3.3 has containers for extensions only. */
export function isCoreContainer(
  type: ResourceTypeDefinition,
  key: string,
  value: JsonValue,
  quirks: QuirkSet,
): value is JsonObject {
  return isObject(value) && key.toLowerCase() === type.schema.id.toLowerCase() && takes(quirks, 'coreContainer');
}

// ISO 3166-1 alpha-2; which of the pairs are assigned changes with the world.
const COUNTRY = /^[A-Za-z]{2}$/;

/** Whether the text may stand for a country (RFC 7643 §4.1.2, errata 5990 and 5991). */
export function isCountry(text: string, quirks: QuirkSet, path?: string): boolean {
  return COUNTRY.test(text) || takes(quirks, 'countryNames', path);
}
