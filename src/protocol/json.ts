import { emptyObject, isNumber, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { mayHoldExactNumbers, parseExactly } from '../schema/json-text.ts';
import { decimalOf, ExactNumber, wholeNumber } from '../schema/number.ts';
import { invalidSyntax, invalidValue } from './errors.ts';
import {
  MAX_JSON_DEPTH,
  MAX_JSON_MEMBERS,
  MAX_JSON_VALUES,
  MAX_NUMBER_DIGITS,
  MAX_NUMBER_EXPONENT,
  MAX_STRING_LENGTH,
} from './limits.ts';

// Half of a surrogate pair alone is no character: PostgreSQL refuses it, and so it is refused here first.
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * The JSON of a request body, with objects that inherit nothing and numbers that are exact; throws `invalidSyntax` or
 * `invalidValue`.
 */
export function parseJsonBody(text: string): JsonValue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalidSyntax(`The body is not JSON${whereIn(error)}; check its quotes, commas and brackets.`);
  }
  // No string in it holds more than the text does, unless by an escape.
  const storable = !text.includes('\\u') && unstorable(text) === undefined;
  const body = checked(parsed, 1, { values: 0, storable });
  return mayHoldExactNumbers(text) ? checked(parseExactly(text), 1, { values: 0, storable }) : body;
}

// Of what the engine says only the place is repeated: the rest may quote the body, and with it a password.
function whereIn(error: unknown): string {
  const position = /at position (\d+)/.exec(String(error))?.[1];
  return position === undefined ? '' : ` (at character ${position})`;
}

/** What is known of a body while it is checked. */
interface Checking {
  values: number;
  /** Whether all of its strings can be stored. */
  readonly storable: boolean;
}

function checked(value: unknown, depth: number, checking: Checking): JsonValue {
  if (++checking.values > MAX_JSON_VALUES) {
    throw invalidSyntax(`The body holds more than ${MAX_JSON_VALUES} values; send it in parts.`);
  }
  if (typeof value === 'string') return checkedText(value, checking);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  if (value instanceof ExactNumber) return checkedNumber(value);
  if (depth > MAX_JSON_DEPTH) throw invalidSyntax(`The body is nested more than ${MAX_JSON_DEPTH} levels deep.`);
  if (Array.isArray(value)) return value.map((element) => checked(element, depth + 1, checking));
  const object = emptyObject();
  const keys = Object.keys(value);
  if (keys.length > MAX_JSON_MEMBERS) {
    throw invalidSyntax(`The body holds an object of ${keys.length} members; at most ${MAX_JSON_MEMBERS} are taken.`);
  }
  for (const key of keys) {
    if (key === '__proto__') throw invalidSyntax('The body holds a key "__proto__", which names no attribute.');
    object[checkedText(key, checking)] = checked((value as JsonObject)[key], depth + 1, checking);
  }
  return object;
}

function checkedNumber(number: ExactNumber): ExactNumber {
  if (isTooLong(number)) {
    throw invalidValue(
      `The body holds the number ${abridged(number.text)}; numbers have at most ${MAX_NUMBER_DIGITS} digits and an ` +
        `exponent of at most ${MAX_NUMBER_EXPONENT}.`,
    );
  }
  return number;
}

/** Whether a number has more digits, or a larger exponent, than are taken. */
export function isTooLong(number: number | ExactNumber): boolean {
  const { digits, exponent } = decimalOf(number) ?? { digits: '', exponent: Number.POSITIVE_INFINITY };
  return digits.length > MAX_NUMBER_DIGITS || Math.abs(exponent) > MAX_NUMBER_EXPONENT;
}

function checkedText(text: string, { storable }: Checking): string {
  if (text.length > MAX_STRING_LENGTH) {
    throw invalidValue(`The body holds a string of ${text.length} characters; at most ${MAX_STRING_LENGTH} are taken.`);
  }
  const problem = storable ? undefined : unstorable(text);
  if (problem) throw invalidValue(`The body holds a string with ${problem}, which can't be stored; leave it out.`);
  return text;
}

/** What makes a text impossible to store, in words, or undefined: U+0000 or half of a surrogate pair. */
export function unstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'the character U+0000';
  return LONE_SURROGATE.test(text) ? 'half of a surrogate pair' : undefined;
}

/** What a JSON value is, in the words of an error detail. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  if (isNumber(value)) return `the number ${abridged(value instanceof ExactNumber ? value.text : String(value))}`;
  return `the ${typeof value} ${abridged(JSON.stringify(value))}`;
}

/** The whole number that a value is, as near as a JavaScript number comes to it; undefined when it is none. */
export function wholeNumberIn(value: JsonValue): number | undefined {
  const whole = isNumber(value) ? wholeNumber(value) : undefined;
  return whole instanceof ExactNumber ? Number(whole.text) : whole;
}

/** A text cut to a length that fits an error detail. */
export function abridged(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
