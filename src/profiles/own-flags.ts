import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { nearest } from '../near-miss.ts';
import { abridged } from '../protocol/json.ts';
import { DEMANDS } from '../protocol/quirks/demands.ts';
import { QUIRKS } from '../protocol/quirks/quirks.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { Profile } from './profile.ts';

const { name: _, title: __, ...FLAGS } = Profile.properties;

/** The flags that a profile of somebody's own may set: those of every profile, with each tolerance and demand by its name. */
export const OWN_FLAGS = Type.Object({
  ...FLAGS,
  quirks: Type.Object(
    Object.fromEntries(
      Object.entries({ ...QUIRKS, ...DEMANDS }).map(([name, description]) => [name, Type.Boolean({ description })]),
    ),
  ),
});

/** One flag that is set: where it stands, such as `paging.maxCount`, and what it says. */
export interface SetFlag {
  readonly flag: string;
  readonly value: JsonValue;
  readonly meaning: string;
}

/** What does not fit in an object that sets some of the flags, each problem with its path and what to write instead. */
export function misfitsIn(given: JsonObject): string[] {
  return misfits(OWN_FLAGS, given, '');
}

/** The flags that an object sets, in its order; it has to fit. */
export function flagsSetIn(given: JsonObject): SetFlag[] {
  return flagsSet(OWN_FLAGS, given, '');
}

function misfits(schema: TSchema, value: JsonValue, path: string): string[] {
  if (!hasFlags(schema)) {
    if (Value.Check(schema, value)) return [];
    return [`${path} takes ${allowed(schema)}, not ${abridged(jsonTextOf(value))}.`];
  }
  const { properties } = schema;
  const names = Object.keys(properties);
  if (!isObject(value)) {
    return [`${path} takes an object with some of ${names.join(', ')}, not ${abridged(jsonTextOf(value))}.`];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return known ? misfits(known, inner, within(path, key)) : [unknown(path, key, names)];
  });
}

function flagsSet(schema: TSchema, value: JsonValue, path: string): SetFlag[] {
  if (!hasFlags(schema) || !isObject(value)) return [{ flag: path, value, meaning: String(schema.description ?? '') }];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = schema.properties[key];
    return known ? flagsSet(known, inner, within(path, key)) : [];
  });
}

function hasFlags(schema: TSchema): schema is TObject {
  return schema.properties !== undefined;
}

function within(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Says what a key could have meant: one beside it that is spelled nearly so, or one that stands elsewhere. */
function unknown(path: string, key: string, names: readonly string[]): string {
  const where = within(path, abridged(key));
  const near = nearest(key, names);
  const meant = near === undefined ? elsewhere(OWN_FLAGS, key, '') : within(path, near);
  const instead = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
  return `${where} is no flag of a profile; ${instead}${meant === undefined ? '.' : ''}`;
}

function elsewhere(schema: TObject, key: string, path: string): string | undefined {
  for (const [name, inner] of Object.entries<TSchema>(schema.properties)) {
    if (name === key) return within(path, name);
    const found = hasFlags(inner) ? elsewhere(inner, key, within(path, name)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function allowed(schema: TSchema): string {
  if (Array.isArray(schema.anyOf)) return (schema.anyOf as TSchema[]).map(allowed).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') {
    return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  }
  return String(schema.type);
}
