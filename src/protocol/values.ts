import { type AttributeDefinition, subAttribute } from '../schema/attribute.ts';
import { instantOf } from '../schema/date-time.ts';
import { emptyObject, isNumber, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { decimalOf, wholeNumber } from '../schema/number.ts';
import { invalidSyntax, invalidValue, type ScimError } from './errors.ts';
import { kindOf } from './json.ts';
import { MAX_NUMBER_DIGITS, MAX_VALUES_PER_ATTRIBUTE } from './limits.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';
import { bareValue, isCountry, isEmptyText, jsonText, onlyElement, stringFrom, truthFrom } from './quirks/values.ts';
import { isUriReference } from './uri.ts';

const NOTHING: ReadonlySet<string> = new Set();

// RFC 4648 §4 and §5.
const BASE64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/;

/**
 * What a sender's value for an attribute is stored as, or undefined when it leaves the attribute unassigned: null, an
 * empty array and an empty object all do (RFC 7643 §2.5). Names get their canonical spelling, readOnly sub-attributes are
 * dropped, values keep what was sent. Throws `invalidValue` for a value of the wrong type, naming `path`.
 */
export function readValue(
  definition: AttributeDefinition,
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (given === null || isEmptyText(given, quirks, path)) return undefined;
  return definition.multiValued ? readMany(definition, given, path, quirks) : readOne(definition, given, path, quirks);
}

function readMany(definition: AttributeDefinition, given: JsonValue, path: string, quirks: QuirkSet) {
  const list = Array.isArray(given) ? given : takes(quirks, 'objectForMany', path) ? [given] : undefined;
  if (!list) throw invalidValue(`${path} is multi-valued and needs an array, but got ${kindOf(given)}.`);
  const elements = readElements(definition, list, path, quirks);
  return elements.length > 0 ? elements : undefined;
}

/** The elements of a multi-valued attribute, without those that hold nothing; at most one may be primary. */
export function readElements(
  definition: AttributeDefinition,
  given: readonly JsonValue[],
  path: string,
  quirks: QuirkSet,
): JsonValue[] {
  const elements: JsonValue[] = [];
  for (const element of given) {
    const read = element === null ? undefined : readOne(definition, element, path, quirks);
    if (read !== undefined) elements.push(read);
  }
  checkElements(elements, path);
  return distinct(elements);
}

/** RFC 7643 §2.4: the same value is not shown twice; where one of the two is primary, that is the one. */
export function distinct(elements: readonly JsonValue[]): JsonValue[] {
  if (elements.length < 2 || haveDistinctValues(elements)) return [...elements];
  const kept: JsonValue[] = [];
  const places = new Map<string, number>();
  for (const element of elements) {
    const identity = identityOf(element);
    const place = places.get(identity);
    if (place === undefined) places.set(identity, kept.push(element) - 1);
    else if (isPrimary(element)) kept[place] = element;
  }
  return kept;
}

/** Whether each has a `value` that no other has, or is one: then no two can be the same. */
function haveDistinctValues(elements: readonly JsonValue[]): boolean {
  const values = new Set<string>();
  for (const element of elements) {
    const value = isObject(element) ? element.value : element;
    if (typeof value !== 'string' || values.has(value)) return false;
    values.add(value);
  }
  return true;
}

/**
 * The text by which an element is found again, or all of it but some sub-attributes: which one is primary says nothing of what
 * the element is.
 */
export function identityOf(element: JsonValue, without: ReadonlySet<string> = NOTHING): string {
  if (!isObject(element)) return JSON.stringify(element);
  const names = Object.keys(element).filter((name) => name !== 'primary' && !without.has(name));
  return JSON.stringify(names.sort().map((name) => [name, element[name]]));
}

/** Refuses more elements than are kept, and more than one primary (RFC 7643 §2.4). */
export function checkElements(elements: readonly JsonValue[], path: string): void {
  if (elements.length > MAX_VALUES_PER_ATTRIBUTE) {
    throw invalidValue(`${path} has ${elements.length} values; at most ${MAX_VALUES_PER_ATTRIBUTE} are kept.`);
  }
  if (elements.filter(isPrimary).length > 1) {
    throw invalidValue(`${path} has more than one primary value; set "primary": true on one at most.`);
  }
}

/** Whether an element is marked as the primary one. */
export function isPrimary(element: JsonValue): boolean {
  return isObject(element) && element.primary === true;
}

/** One value: of a single-valued attribute, or one element of a multi-valued one. */
export function readOne(
  definition: AttributeDefinition,
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (Array.isArray(given)) {
    if (given.length === 0) return undefined;
    const only = definition.multiValued ? undefined : onlyElement(given, quirks, path);
    if (only === undefined) throw invalidValue(`${path} takes one value, but got an array.`);
    return readOne(definition, only, path, quirks);
  }
  if (given === null || isEmptyText(given, quirks, path)) return undefined;
  if (definition.type !== 'complex') return readSimple(definition, given, path, quirks);
  const read = emptyObject();
  for (const [sub, value] of subValues(definition, given, path, quirks)) {
    const kept = readValue(sub, value, `${path}.${sub.name}`, quirks);
    if (kept !== undefined) read[sub.name] = kept;
  }
  for (const sub of definition.subAttributes ?? []) {
    if (sub.required && sub.mutability !== 'readOnly' && read[sub.name] === undefined)
      throw missing(`${path}.${sub.name}`);
  }
  return Object.keys(read).length > 0 ? read : undefined;
}

/**
 * The sub-attributes that a sender's complex value names, with their values as sent; readOnly ones are left out, unknown
 * ones too or refused.
 */
export function subValues(
  definition: AttributeDefinition,
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): [AttributeDefinition, JsonValue][] {
  const value = jsonText(definition, bareValue(definition, given, quirks, path), quirks, path);
  if (!isObject(value)) {
    const names = definition.subAttributes?.map((sub) => sub.name).join(', ');
    throw invalidValue(`${path} needs an object with ${names}, but got ${kindOf(value)}.`);
  }
  return named(definition, value, path, quirks);
}

function named(definition: AttributeDefinition, value: JsonObject, path: string, quirks: QuirkSet) {
  const found: [AttributeDefinition, JsonValue][] = [];
  for (const [key, member] of Object.entries(value)) {
    const sub = subAttribute(definition, key);
    if (sub) {
      if (sub.mutability !== 'readOnly') found.push([sub, member]);
    } else if (!takes(quirks, 'unknownIgnored', `${path}.${key}`)) {
      throw unknownAttribute(`${path}.${key}`);
    }
  }
  return found;
}

/** The error for an attribute that no schema of the resource declares. */
export function unknownAttribute(path: string): ScimError {
  return invalidSyntax(`"${path.slice(0, 200)}" is no attribute of this resource; /Schemas lists those there are.`);
}

/** The error for a required attribute without a value. */
export function missing(path: string): ScimError {
  return invalidValue(`${path} is required; send a value for it.`);
}

function readSimple(definition: AttributeDefinition, given: JsonValue, path: string, quirks: QuirkSet): JsonValue {
  const wrong = (needed: string) => {
    // What is never returned must not come back in an error either.
    const got = definition.returned === 'never' && typeof given !== 'object' ? `a ${typeof given}` : kindOf(given);
    return invalidValue(`${path} needs ${needed}, but got ${got}.`);
  };
  switch (definition.type) {
    case 'string': {
      const text = stringFrom(given, quirks, path);
      if (text === undefined) throw wrong('a string');
      if (definition.format === 'country' && !isCountry(text, quirks, path)) throw wrong('a country code such as "DE"');
      return text;
    }
    case 'reference': {
      const text = stringFrom(given, quirks, path);
      if (text === undefined || !(isUriReference(text) || takes(quirks, 'freeTextReference', path))) {
        throw wrong('a URI, absolute or relative (RFC 3986)');
      }
      return text;
    }
    case 'boolean': {
      const truth = truthFrom(given, quirks, path);
      if (truth === undefined) throw wrong('true or false');
      return truth;
    }
    case 'integer': {
      const whole = wholeNumberFrom(given);
      if (whole === undefined) throw wrong(`an integer of at most ${MAX_NUMBER_DIGITS} digits`);
      return whole;
    }
    case 'decimal':
      if (!isNumber(given) || !decimalOf(given)) throw wrong('a number');
      return given;
    case 'dateTime':
      if (typeof given !== 'string' || instantOf(given) === undefined) {
        throw wrong('a dateTime such as "2026-01-31T10:00:00Z"');
      }
      return given;
    case 'binary':
      if (typeof given !== 'string' || !isBase64(given)) throw wrong('base64 text');
      return given;
    case 'complex':
      throw wrong('an object');
  }
}

/** RFC 7643 §2.3.4, by value: `1.0` and `1e3`, as some serialisers write whole numbers, are kept as `1` and `1000`. */
function wholeNumberFrom(given: JsonValue): JsonValue | undefined {
  const isShort = isNumber(given) && (decimalOf(given)?.exponent ?? 0) < MAX_NUMBER_DIGITS;
  return isShort ? wholeNumber(given) : undefined;
}

/** Whole quanta of four characters; the padding of the last one may be missing, but not be wrong (RFC 7643 §2.3.6). */
function isBase64(text: string): boolean {
  const padding = BASE64.exec(text)?.[1];
  if (padding === undefined) return false;
  return padding === '' ? text.length % 4 !== 1 : text.length % 4 === 0;
}
