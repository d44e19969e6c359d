import { isObject, type JsonObject, type JsonValue, sameJson } from '../../src/schema/json.ts';

type Matcher = (argument: JsonValue, actual: JsonValue | undefined, at: string) => string[];

/**
 * What an expectation may say instead of a plain value. A plain object matches an object that has at least these members,
 * a plain array one of the same length, anything else itself. `$ref` is SCIM's own and therefore no matcher.
 */
const MATCHERS: Record<string, Matcher> = {
  $absent: (_, actual, at) => (actual === undefined ? [] : [`${at}: ${show(actual)}, expected nothing`]),
  $type: (type, actual, at) => (typeOf(actual) === type ? [] : [`${at}: ${show(actual)} is not of type ${show(type)}`]),
  $length: (length, actual, at) =>
    sizeOf(actual) === length ? [] : [`${at}: ${show(actual)} has not the length ${show(length)}`],
  $contains: (part, actual, at) => (holds(part, actual) ? [] : [`${at}: ${show(actual)} does not hold ${show(part)}`]),
  $lacks: (part, actual, at) => (holds(part, actual) ? [`${at}: ${show(actual)} holds ${show(part)}`] : []),
  $each: (expected, actual, at) =>
    Array.isArray(actual)
      ? actual.flatMap((element, index) => mismatches(expected, element, `${at}[${index}]`))
      : [`${at}: ${show(actual)} is no array`],
  $equals: (expected, actual, at) =>
    sameJson(expected, actual) ? [] : [`${at}: ${show(actual)} is not exactly ${show(expected)}`],
  $anyOrder: anyOrder,
  $oneOf: (alternatives, actual, at) =>
    listOf(alternatives).some((alternative) => mismatches(alternative, actual).length === 0)
      ? []
      : [`${at}: ${show(actual)} is none of ${show(alternatives)}`],
  $noneOf: (alternatives, actual, at) =>
    listOf(alternatives).some((alternative) => mismatches(alternative, actual).length === 0)
      ? [`${at}: ${show(actual)} is one of ${show(alternatives)}`]
      : [],
};

/** Every way in which the value differs from what was expected of it, one line each; empty when it matches. */
export function mismatches(expected: JsonValue, actual: JsonValue | undefined, at = '$'): string[] {
  if (Array.isArray(expected)) return elementwise(expected, actual, at);
  if (!isObject(expected)) {
    return expected === actual ? [] : [`${at}: ${show(actual)}, expected ${show(expected)}`];
  }
  const names = Object.keys(expected);
  const matchers = names.filter(isMatcher);
  if (matchers.length === 0) return memberwise(expected, actual, at);
  if (matchers.length < names.length) throw new Error(`${at}: matchers and members can't be mixed: ${show(expected)}`);
  return matchers.flatMap((name) => MATCHERS[name]?.(expected[name] ?? null, actual, at) ?? []);
}

function isMatcher(name: string): boolean {
  if (!name.startsWith('$') || name === '$ref') return false;
  if (!Object.hasOwn(MATCHERS, name)) throw new Error(`${name} is no matcher; there are ${Object.keys(MATCHERS)}`);
  return true;
}

function memberwise(expected: JsonObject, actual: JsonValue | undefined, at: string): string[] {
  if (!isObject(actual)) return [`${at}: ${show(actual)} is no object`];
  return Object.entries(expected).flatMap(([name, value]) =>
    mismatches(value, Object.hasOwn(actual, name) ? actual[name] : undefined, `${at}.${name}`),
  );
}

function elementwise(expected: JsonValue[], actual: JsonValue | undefined, at: string): string[] {
  if (!Array.isArray(actual)) return [`${at}: ${show(actual)} is no array`];
  if (actual.length !== expected.length) {
    return [`${at}: ${show(actual)} has ${actual.length} elements, expected ${expected.length}`];
  }
  return expected.flatMap((value, index) => mismatches(value, actual[index], `${at}[${index}]`));
}

function anyOrder(expected: JsonValue, actual: JsonValue | undefined, at: string): string[] {
  const wanted = listOf(expected);
  if (!Array.isArray(actual) || actual.length !== wanted.length) {
    return [`${at}: ${show(actual)} is no array of ${wanted.length}`];
  }
  const left = [...actual];
  const missing = wanted.filter((value) => {
    const index = left.findIndex((element) => mismatches(value, element).length === 0);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return missing.map((value) => `${at}: ${show(actual)} has no element like ${show(value)}`);
}

function holds(part: JsonValue, actual: JsonValue | undefined): boolean {
  if (typeof actual === 'string') return typeof part === 'string' && actual.includes(part);
  return Array.isArray(actual) && actual.some((element) => mismatches(part, element).length === 0);
}

function sizeOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

function typeOf(value: JsonValue | undefined): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function listOf(value: JsonValue): JsonValue[] {
  if (!Array.isArray(value)) throw new Error(`The matcher takes an array, not ${show(value)}`);
  return value;
}

function show(value: JsonValue | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
