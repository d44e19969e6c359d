import { nearest } from '../../near-miss.ts';
import { isObject, type JsonValue } from '../../schema/json.ts';
import { invalidValue, type ScimError } from '../errors.ts';
import { abridged, kindOf } from '../json.ts';

/** The members of a JSON object under their canonical names; those that are null are left out (RFC 7643 §2.5). */
export type Members = ReadonlyMap<string, JsonValue>;

/** The refusal of a definition: where in it, and what to write instead. */
export function refusal(where: string, problem: string): ScimError {
  return invalidValue(`${where}: ${problem}`);
}

/**
 * The members of a definition's object, their names in any letter case (RFC 7643 §2.1). One that has no meaning is refused:
 * a mistyped characteristic that went unnoticed would make an attribute another one than was meant.
 */
export function membersOf(given: JsonValue | undefined, where: string, known: readonly string[]): Members {
  if (!isObject(given)) throw refusal(where, `send an object with ${known.join(', ')}; got ${kindOf(given)}.`);
  const members = new Map<string, JsonValue>();
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    const name = known.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (name === undefined) throw unknownMember(key, where, known);
    if (seen.has(name)) throw refusal(where, `"${name}" is there more than once, in several letter cases; send one.`);
    seen.add(name);
    if (value !== null) members.set(name, value);
  }
  return members;
}

function unknownMember(key: string, where: string, known: readonly string[]): ScimError {
  const meant = nearest(
    key.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const hint = known.find((name) => name.toLowerCase() === meant);
  const instead = hint === undefined ? `leave it out; known are ${known.join(', ')}` : `did you mean "${hint}"?`;
  return refusal(where, `"${abridged(key)}" is no member of it; ${instead}${hint === undefined ? '.' : ''}`);
}

/** A text of at most that many characters, or undefined where there is none. */
export function textIn(members: Members, name: string, where: string, maxLength: number): string | undefined {
  const value = members.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw refusal(where, `"${name}" must be a string; got ${kindOf(value)}.`);
  if (value.length > maxLength) {
    throw refusal(where, `"${name}" has ${value.length} characters; send at most ${maxLength}.`);
  }
  return value;
}

/** A boolean, or what counts where there is none. */
export function truthIn(members: Members, name: string, where: string, fallback: boolean): boolean {
  const value = members.get(name) ?? fallback;
  if (typeof value === 'boolean') return value;
  throw refusal(where, `"${name}" must be true or false, without quotes; got ${kindOf(value)}.`);
}

/** One of the choices, or what counts where there is none. */
export function choiceIn<T extends string>(
  members: Members,
  name: string,
  where: string,
  choices: readonly T[],
  fallback: T,
): T {
  const value = members.get(name) ?? fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw refusal(where, `"${name}" is ${kindOf(value)}; send one of ${choices.join(', ')}.`);
}

/** A list, or undefined where there is none. */
export function listIn(members: Members, name: string, where: string, most: number): readonly JsonValue[] | undefined {
  const value = members.get(name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw refusal(where, `"${name}" must be an array; got ${kindOf(value)}.`);
  if (value.length > most) throw refusal(where, `"${name}" has ${value.length} elements; send at most ${most}.`);
  return value;
}

/** A list of different texts, or undefined where there is none or it is empty. */
export function textsIn(
  members: Members,
  name: string,
  where: string,
  most: number,
  maxLength: number,
): string[] | undefined {
  const texts = listIn(members, name, where, most)?.map((value) => {
    if (typeof value !== 'string' || value === '') {
      throw refusal(where, `"${name}" must hold strings that are not empty; got ${kindOf(value)}.`);
    }
    if (value.length > maxLength) {
      throw refusal(where, `"${name}" holds a string of ${value.length} characters; send at most ${maxLength}.`);
    }
    return value;
  });
  const twice = texts?.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined) throw refusal(where, `"${name}" holds "${abridged(twice)}" more than once; send it once.`);
  return texts && texts.length > 0 ? texts : undefined;
}
