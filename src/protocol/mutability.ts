import { type AttributeDefinition, isHidden, subAttribute } from '../schema/attribute.ts';
import { comparable } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { equalValues } from '../schema/same-value.ts';
import { mutability, ScimError } from './errors.ts';
import { identityOf } from './values.ts';

/** Whether the sender named the attribute or sub-attribute of that path, with whatever value; or did so in the element of that key. */
export type Named = (path: string, key?: string) => boolean;

/**
 * The value that replaces `before` when `asked` is asked for (RFC 7644 §3.5.1): what is readOnly stays, so do an immutable
 * value that is set and a writeOnly one that the sender, who could not read it, does not name. Throws `mutability` for
 * another value of what is immutable.
 */
export function replacing(
  definition: AttributeDefinition,
  before: JsonValue | undefined,
  asked: JsonValue | undefined,
  path: string,
  named: Named,
): JsonValue | undefined {
  if (before === undefined) return asked;
  switch (definition.mutability) {
    case 'readOnly':
      return before;
    case 'immutable':
      if (asked !== undefined && !equalValues(definition, asked, before)) throw immutable(path);
      return before;
    case 'writeOnly':
      return asked === undefined && !named(path) ? before : asked;
  }
  if (!guardsParts(definition)) return asked;
  if (Array.isArray(before)) {
    return Array.isArray(asked) ? replacingElements(definition, before, asked, path, named) : asked;
  }
  return isObject(before) ? replacingParts(definition, before, asked, path, named) : asked;
}

/**
 * What is left of a value that a PATCH unassigns: its readOnly parts. Throws `mutability` where that would take away an
 * immutable value. Elements of a multi-valued attribute may be removed whole (RFC 7643 §4.2).
 */
export function removing(
  definition: AttributeDefinition,
  before: JsonValue | undefined,
  path: string,
): JsonValue | undefined {
  if (before === undefined) return undefined;
  if (definition.mutability === 'immutable') throw immutable(path);
  if (definition.multiValued || !isObject(before)) return undefined;
  const kept: JsonObject = {};
  for (const sub of definition.subAttributes ?? []) {
    const held = before[sub.name];
    if (held === undefined) continue;
    if (sub.mutability === 'immutable') throw immutable(`${path}.${sub.name}`);
    if (sub.mutability === 'readOnly') kept[sub.name] = held;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The sub-attributes that an element lacks when it is sent back as it was shown: what is never shown, and what is readOnly. */
export function partsNotSent({ subAttributes = [] }: AttributeDefinition): ReadonlySet<string> {
  return new Set(subAttributes.filter((sub) => isHidden(sub) || sub.mutability === 'readOnly').map(({ name }) => name));
}

/** A look-up of the key by which an element is known: its `value`, or where it shows none, all that is shown of it. */
export function elementKeys(definition: AttributeDefinition): (element: JsonValue) => string {
  const value = subAttribute(definition, 'value');
  const notSent = partsNotSent(definition);
  return (element) => {
    const isShown = value !== undefined && !isHidden(value) && isObject(element);
    const text = isShown ? comparable(value, element[value.name] ?? null) : undefined;
    // No identity of an element begins so.
    return text === undefined ? identityOf(element, notSent) : `=${text}`;
  };
}

/**
 * The elements that take the place of others. An element is known by its key: one that keeps that is edited, and its
 * guarded parts are kept; any other is one removed and one added, which is always allowed.
 */
export function replacingElements(
  definition: AttributeDefinition,
  before: readonly JsonValue[],
  asked: readonly JsonValue[],
  path: string,
  named: Named,
): JsonValue[] {
  if (!guardsParts(definition)) return [...asked];
  const keyOf = elementKeys(definition);
  const notSent = partsNotSent(definition);
  // What is there unchanged is no earlier state of anything else.
  const unchanged = new Set(asked.map((element) => JSON.stringify(element)));
  const formerly = new Map<string, JsonObject[]>();
  for (const element of before) {
    if (!isObject(element) || unchanged.has(JSON.stringify(element))) continue;
    const key = keyOf(element);
    formerly.set(key, [...(formerly.get(key) ?? []), element]);
  }
  return asked.map((element) => {
    const key = keyOf(element);
    const candidates = formerly.get(key) ?? [];
    if (candidates.length === 0) return element;
    const identity = identityOf(element, notSent);
    const alike = candidates.filter((candidate) => identityOf(candidate, notSent) === identity);
    return fromOneOf([...alike, ...candidates], definition, element, path, (part) => named(part, key));
  });
}

/** The element as an edit of the first of the candidates of which it can be one. */
function fromOneOf(
  candidates: readonly JsonObject[],
  definition: AttributeDefinition,
  element: JsonValue,
  path: string,
  named: Named,
): JsonValue {
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      return replacingParts(definition, candidate, element, path, named) ?? element;
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

function replacingParts(
  definition: AttributeDefinition,
  before: JsonObject,
  asked: JsonValue | undefined,
  path: string,
  named: Named,
): JsonValue | undefined {
  const merged: JsonObject = isObject(asked) ? { ...asked } : {};
  for (const sub of definition.subAttributes ?? []) {
    // A whole that is unassigned on purpose takes its writeOnly parts with it.
    const namedPart = (part: string) => named(part) || (asked === undefined && named(path));
    const next = replacing(sub, before[sub.name], merged[sub.name], `${path}.${sub.name}`, namedPart);
    if (next === undefined) delete merged[sub.name];
    else merged[sub.name] = next;
  }
  if (Object.keys(merged).length === 0) return undefined;
  return sameJson(merged, asked) ? asked : merged;
}

function guardsParts({ subAttributes = [] }: AttributeDefinition): boolean {
  return subAttributes.some((sub) => sub.mutability !== 'readWrite');
}

function immutable(path: string): ScimError {
  return mutability(`${path} is immutable and has a value already; leave it out or send that.`);
}
