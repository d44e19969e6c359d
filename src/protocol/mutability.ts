import { type AttributeDefinition, isHidden, subAttribute } from '../schema/attribute.ts';
import { comparable } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { equalValues } from '../schema/same-value.ts';
import { mutability, type ScimError } from './errors.ts';
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
  // What is there unchanged is no earlier state of anything else.
  const unchanged = new Set(asked.map((element) => JSON.stringify(element)));
  const changed = before.filter(isObject).filter((element) => !unchanged.has(JSON.stringify(element)));
  const notSent = partsNotSent(definition);
  const lookOf = (element: JsonValue) => identityOf(element, notSent);
  const formerly = new Map<string, Former>();
  for (const [key, elements] of grouped(changed, keyOf)) formerly.set(key, { elements, looks: undefined });
  return asked.map((element) => {
    const key = keyOf(element);
    const former = formerly.get(key);
    const earlier = former && earlierState(former, definition, element, lookOf);
    if (!earlier) return element;
    return replacingParts(definition, earlier, element, path, (part) => named(part, key)) ?? element;
  });
}

/** The elements of one key that were there. */
interface Former {
  readonly elements: readonly JsonObject[];
  /** Which of them look alike; made where there are several, once. */
  looks: Map<string, JsonObject[]> | undefined;
}

/** Of what the element can be an edit: rather of one that looks the same; of the first, where it contradicts each. */
function earlierState(
  former: Former,
  definition: AttributeDefinition,
  element: JsonValue,
  lookOf: (element: JsonValue) => string,
): JsonObject | undefined {
  const { elements } = former;
  const [first] = elements;
  if (elements.length === 1 || !isObject(element)) return first;
  former.looks ??= grouped(elements, lookOf);
  const fits = (one: JsonObject) => !contradicts(definition, one, element);
  return former.looks.get(lookOf(element))?.find(fits) ?? elements.find(fits) ?? first;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Whether one of the element's immutable parts has another value than it had. */
function contradicts({ subAttributes = [] }: AttributeDefinition, before: JsonObject, element: JsonObject): boolean {
  return subAttributes.some((sub) => {
    const [was, is] = [before[sub.name], element[sub.name]];
    return sub.mutability === 'immutable' && was !== undefined && is !== undefined && !equalValues(sub, is, was);
  });
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
