import { Value } from '@sinclair/typebox/value';
import { abridged } from '../protocol/json.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { PROFILES, profileNamed } from './index.ts';
import { flagsSetIn, misfitsIn } from './own-flags.ts';
import { Profile } from './profile.ts';
import { RFC } from './rfc.ts';

/** Longest JSON of a profile, in characters: every flag with room to spare. */
export const MAX_OWN_PROFILE_LENGTH = 16_384;
/** Longest name of a profile. */
export const MAX_PROFILE_NAME_LENGTH = 63;
/** Longest title of a profile. */
export const MAX_PROFILE_TITLE_LENGTH = 200;
/** Most problems of one profile that are told at once. */
export const MAX_PROFILE_PROBLEMS = 20;

const NAME = /^[a-z0-9][a-z0-9-]*$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A profile of somebody's own: one that ships, and what is different in it. */
export interface OwnProfile {
  readonly profile: Profile;
  /** What it deviates from. */
  readonly base: Profile;
  /** The flags that it sets. */
  readonly flags: JsonObject;
}

/** What became of reading a profile: it, or why it can't be. */
export type Reading =
  | { readonly own: OwnProfile; readonly problems: readonly [] }
  | { readonly own?: never; readonly problems: readonly string[] };

/** One flag that a profile of somebody's own sets. */
export interface Deviation {
  /** Such as `paging.maxCount`. */
  readonly flag: string;
  /** What the profile that it extends says; null for a tolerance that is left to the grade there. */
  readonly from: JsonValue;
  readonly to: JsonValue;
  readonly meaning: string;
}

/** Reads `{"name", "title"?, "extends"?, …flags}`. Whether the flags go together is another question: `contradictions.ts`. */
export function readOwnProfile(json: JsonValue): Reading {
  if (!isObject(json)) {
    return { problems: ['A profile of your own is a JSON object such as {"name":"acme-vendor","extends":"rfc"}.'] };
  }
  const { length } = jsonTextOf(json);
  if (length > MAX_OWN_PROFILE_LENGTH) {
    return { problems: [`The profile has ${length} characters of JSON; at most ${MAX_OWN_PROFILE_LENGTH} are taken.`] };
  }
  const { name = null, title = '', extends: extended = RFC.name, ...rest } = json;
  const flags: JsonObject = Object.assign(emptyObject(), rest);
  const base = typeof extended === 'string' ? profileNamed(extended) : undefined;
  const problems = [
    ...(isName(name) ? [] : [nameProblem(name)]),
    ...(isTitle(title) ? [] : [`title takes text of one line, at most ${MAX_PROFILE_TITLE_LENGTH} characters.`]),
    ...(base ? [] : [extendsProblem(extended)]),
    ...misfitsIn(flags),
  ];
  if (problems.length > 0 || !isName(name) || !isTitle(title) || !base) return { problems: fewOf(problems) };
  const profile = { ...merged({ ...base }, flags), name, title: title || `${name}, which extends ${base.name}` };
  if (!Value.Check(Profile, profile)) throw new Error(`The profile ${name} fits in parts and not as a whole.`);
  return { own: { profile, base, flags }, problems: [] };
}

/** What each flag that the profile sets changes in the profile that it extends, in the order of its JSON. */
export function deviationsOf({ base, flags }: OwnProfile): Deviation[] {
  return flagsSetIn(flags).map(({ flag, value, meaning }) => ({ flag, from: valueAt(base, flag), to: value, meaning }));
}

/** The problems that are told, when there are many. */
export function fewOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - MAX_PROFILE_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MAX_PROFILE_PROBLEMS), `There are ${more} more problems.`] : problems;
}

function isName(name: JsonValue): name is string {
  return typeof name === 'string' && name.length <= MAX_PROFILE_NAME_LENGTH && NAME.test(name);
}

function isTitle(title: JsonValue): title is string {
  return typeof title === 'string' && title.length <= MAX_PROFILE_TITLE_LENGTH && !CONTROL.test(title);
}

function nameProblem(name: JsonValue): string {
  const rule = `at most ${MAX_PROFILE_NAME_LENGTH} lower-case letters a-z, digits and hyphens, the first one no hyphen`;
  if (name === null) return `name is missing; add "name": "acme-vendor", of ${rule}.`;
  return `name takes ${rule}, not ${abridged(jsonTextOf(name))}.`;
}

function extendsProblem(extended: JsonValue): string {
  const names = PROFILES.map((profile) => profile.name).join(', ');
  return `extends takes the name of a profile that ships (${names}), not ${abridged(jsonTextOf(extended))}.`;
}

function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isObject(value) && before !== undefined && isObject(before) ? merged(before, value) : value;
  }
  return result;
}

function valueAt(profile: Profile, flag: string): JsonValue {
  let value: JsonValue = { ...profile };
  for (const key of flag.split('.')) {
    value = isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  }
  return value;
}
