import { type AttributeDefinition, subAttribute } from '../../schema/attribute.ts';
import { copyOf, emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from '../../schema/json.ts';
import { equalValues, unchangedValues } from '../../schema/same-value.ts';
import { mutability } from '../errors.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import { isUnassigned, onlyElement } from '../quirks/values.ts';
import { checkElements, identityOf, readElements, readValue, subValues } from '../values.ts';
import type { PatchOperation } from './message.ts';

/**
 * Sets, extends or unassigns one sub-attribute in place. Throws `mutability` for a readOnly one, for an immutable one that
 * has a value, and for the removal of a required one.
 */
export function setSub(
  complex: JsonObject,
  parent: AttributeDefinition,
  sub: AttributeDefinition,
  op: PatchOperation['op'],
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): void {
  const name = `${path}.${sub.name}`;
  if (sub.mutability === 'readOnly') throw mutability(`${name} is readOnly; leave it out.`);
  const before = complex[sub.name];
  const after = op === 'remove' ? undefined : nextValue(before, sub, op, given, name, quirks);
  if (sameJson(before, after)) return;
  if (before !== undefined && after !== undefined) {
    const isSame = sub.mutability === 'immutable' ? equalValues : unchangedValues;
    if (isSame(sub, before, after)) return;
  }
  if (sub.required && after === undefined) throw mutability(`${name} is required and can't be removed; replace it.`);
  if (sub.mutability === 'immutable' && before !== undefined) {
    throw mutability(`${name} is immutable and has a value already.`);
  }
  if (after === undefined) delete complex[sub.name];
  else complex[sub.name] = after;
  // A reference's $ref names the same thing as its value: once that changes, the old one is wrong.
  if (sub.name === 'value' && subAttribute(parent, '$ref')) delete complex.$ref;
}

function nextValue(
  before: JsonValue | undefined,
  sub: AttributeDefinition,
  op: PatchOperation['op'],
  given: JsonValue,
  name: string,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (!sub.multiValued || op !== 'add') return readValue(sub, given, name, quirks);
  const present = Array.isArray(before) ? before : [];
  // RFC 7644 §3.5.2.1: one value may be added without an array around it.
  const added = readElements(sub, Array.isArray(given) ? given : [given], name, quirks);
  const there = new Set(present.map((element) => identityOf(element)));
  const next = [...present, ...added.filter((element) => !there.has(identityOf(element)))];
  checkElements(next, name);
  return next.length > 0 ? next : undefined;
}

/**
 * A single-valued complex attribute after an add or replace: the sub-attributes named are set, the others stay (RFC 7644
 * §3.5.2.1, §3.5.2.3); undefined when none is left.
 */
export function mergeComplex(
  current: JsonValue | undefined,
  definition: AttributeDefinition,
  op: PatchOperation['op'],
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (isUnassigned(given, quirks)) return undefined;
  const merged = isObject(current) ? copyOf(current) : emptyObject();
  setSubs(merged, definition, op, given, path, quirks);
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/** Sets in place the sub-attributes that a complex value names; the others stay. */
export function setSubs(
  complex: JsonObject,
  definition: AttributeDefinition,
  op: PatchOperation['op'],
  given: JsonValue,
  path: string,
  quirks: QuirkSet,
): void {
  // `value` first, so that a $ref sent with it is not taken for the old one.
  const subs = subValues(definition, unwrapped(given, quirks), path, quirks).sort(([a], [b]) => rank(a) - rank(b));
  for (const [sub, member] of subs) setSub(complex, definition, sub, op, member, path, quirks);
}

/** One complex value without the array that some clients put around it. */
export function unwrapped(given: JsonValue, quirks: QuirkSet): JsonValue {
  return Array.isArray(given) ? (onlyElement(given, quirks) ?? given) : given;
}

function rank(sub: AttributeDefinition): number {
  return sub.name === 'value' ? 0 : 1;
}
