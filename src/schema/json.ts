import { ExactNumber, sameNumber } from './number.ts';

/** A JSON value as parsed from a message; objects made by us have no prototype, so no key can reach one. */
export type JsonValue = null | boolean | number | ExactNumber | string | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** An empty object without a prototype: the only kind that text from outside is ever keyed into. */
export function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

/** True for JSON numbers, however they are held. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** True for JSON objects, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** The member of that name, in any letter case (RFC 7643 §2.1); one that is spelled so exactly comes first. */
export function memberNamed(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** A deep copy whose objects have no prototype. */
export function copyOf<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map((element) => copyOf(element)) as T;
  if (!isObject(value)) return value;
  const copy = emptyObject();
  for (const [key, member] of Object.entries(value)) copy[key] = copyOf(member as JsonValue);
  return copy as T;
}

/** Equality of JSON values; the order of an object's keys does not count, the order of an array does. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => sameJson(element, b[index]));
  }
  if (isNumber(a)) return isNumber(b) && sameNumber(a, b);
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
