import { type AttributeDefinition, subAttribute } from '../../schema/attribute.ts';
import { comparable } from '../../schema/comparable.ts';
import { copyOf, emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from '../../schema/json.ts';
import { invalidFilter, invalidSyntax, noTarget } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { evaluateElement } from '../filter/evaluate.ts';
import { type Named, partsNotSent, replacingElements } from '../mutability.ts';
import { elementFromFilter } from '../quirks/elements.ts';
import { namesElements } from '../quirks/operations.ts';
import { type QuirkSet, takes } from '../quirks/quirks.ts';
import { isUnassigned } from '../quirks/values.ts';
import { checkElements, distinct, identityOf, isPrimary, readElements, readOne } from '../values.ts';
import { setSub, setSubs, unwrapped } from './complex.ts';
import type { PatchOperation } from './message.ts';
import { comparisonsIn, listedIn, type WorkMeter } from './work.ts';

// What a replaced element leaves out of what can't be read stays: by its value it is still the same element.
const NOT_NAMED: Named = () => false;

/** What an operation on a multi-valued attribute needs to know. */
export interface ElementsTarget {
  readonly definition: AttributeDefinition;
  readonly path: string;
  readonly filter: CheckedFilter | undefined;
  readonly sub: AttributeDefinition | undefined;
  readonly spend: WorkMeter;
}

/** The elements after one operation (RFC 7644 §3.5.2); undefined when the attribute is unassigned by it. */
export function patchElements(
  current: readonly JsonValue[],
  target: ElementsTarget,
  operation: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] | undefined {
  target.spend(current.length * (1 + (target.filter ? comparisonsIn(target.filter) : 0)));
  const next =
    target.filter || target.sub
      ? patchSelected(current, target, operation, quirks)
      : patchWhole(current, target, operation, quirks);
  checkElements(next, target.path);
  // After each operation, not once at the end: a message is what its operations would be one by one.
  return next.length > 0 ? distinct(next) : undefined;
}

function patchWhole(
  current: readonly JsonValue[],
  { definition, path, spend }: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  if (op === 'remove') {
    if (!namesElements(value, quirks)) return [];
    if (!takes(quirks, 'removeMembersByValue', path)) throw removeWithValue(path);
    const listed = readElements(definition, listOf(value), path, quirks);
    return withoutListed(current, listed, definition, spend);
  }
  const added = readElements(definition, isUnassigned(value, quirks) ? [] : listOf(value), path, quirks);
  return op === 'replace'
    ? replacingElements(definition, current, added, path, NOT_NAMED)
    : withAdded(current, added, definition, spend);
}

/**
 * The elements with those added that are not there yet; one that is, is at most made primary or no longer so. What is never
 * shown tells one from another only where it is sent.
 */
function withAdded(
  current: readonly JsonValue[],
  added: readonly JsonValue[],
  definition: AttributeDefinition,
  spend: WorkMeter,
): JsonValue[] {
  const next = [...current];
  const notSent = partsNotSent(definition);
  const places = new Map<string, number[]>();
  const note = (element: JsonValue, place: number) => {
    const identity = identityOf(element, notSent);
    const others = places.get(identity);
    if (others) others.push(place);
    else places.set(identity, [place]);
  };
  for (const [place, element] of current.entries()) note(element, place);
  const set = new Set<JsonValue>();
  for (const element of added) {
    const alike = places.get(identityOf(element, notSent)) ?? [];
    // Where nothing is hidden, those that look alike are the same.
    if (notSent.size > 0) spend(alike.length);
    const same = notSent.size === 0 ? alike : alike.filter((place) => hasParts(next[place], element, notSent));
    if (same.some((place) => isPrimary(next[place] ?? null) === isPrimary(element))) continue;
    const place = same.at(-1);
    if (place === undefined) {
      note(element, next.push(element) - 1);
      set.add(element);
    } else if (isObject(element) && element.primary !== undefined) {
      const marked = Object.assign(emptyObject(), next[place], element);
      next[place] = marked;
      set.add(marked);
    }
  }
  return handOver(next, set);
}

/** Whether an element has what another one says of these parts. */
function hasParts(element: JsonValue | undefined, other: JsonValue, parts: ReadonlySet<string>): boolean {
  if (!isObject(element) || !isObject(other)) return true;
  return [...parts].every((name) => other[name] === undefined || sameJson(other[name], element[name]));
}

function patchSelected(
  current: readonly JsonValue[],
  target: ElementsTarget,
  operation: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  const { filter } = target;
  const next: JsonValue[] = [];
  const set = new Set<JsonValue>();
  let selected = 0;
  for (const element of current) {
    if (filter !== undefined && !evaluateElement(filter, element)) {
      next.push(element);
      continue;
    }
    selected++;
    if (filter && selected > 1 && quirks.has('oneElementSelected')) throw selectsSeveral(target.path);
    target.spend(1 + listedIn(element) + listedIn(operation.value));
    const changed = patchElement(element, target, operation, quirks);
    if (changed === undefined) continue;
    next.push(changed);
    set.add(changed);
  }
  return selected === 0 ? patchNone(current, target, operation, quirks) : handOver(next, set);
}

/** One selected element after the operation; undefined when it is removed. */
function patchElement(
  element: JsonValue,
  { definition, path, filter, sub }: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (sub) {
    // The parts of it are only put in or taken out, so they need no copies: the document is one already.
    const changed: JsonObject = Object.assign(emptyObject(), isObject(element) ? element : {});
    setSub(changed, definition, sub, op, value ?? null, path, quirks);
    const emptied = changed[sub.name] === undefined && !holdsMore(changed) && !sameJson(changed, element);
    return emptied ? undefined : changed;
  }
  if (op === 'remove' || isUnassigned(value, quirks)) return undefined;
  if (op === 'add' && isObject(element)) {
    const merged = copyOf(element);
    setSubs(merged, definition, op, value, path, quirks);
    return Object.keys(merged).length > 0 ? merged : undefined;
  }
  // RFC 7644 §3.5.2.3: a replace of selected values replaces each of them.
  const read = readOne(definition, unwrapped(value, quirks), path, quirks);
  if (!isObject(read)) return read;
  // As an element that the path makes; else the same operation, sent again, would find none and make another.
  const made = quirks.has('createMissingElement') ? elementFromFilter(definition, filter, quirks) : undefined;
  const replaced = Object.assign(made ?? emptyObject(), read);
  return replacingElements(definition, [element], [replaced], path, NOT_NAMED)[0];
}

/** The operation when nothing is selected. */
function patchNone(
  current: readonly JsonValue[],
  { definition, path, filter, sub, spend }: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  if (op === 'remove') return [...current];
  // RFC 7644 §3.5.2.3: only a value filter has to match; without one, what does not exist is added.
  if (filter && !takes(quirks, 'createMissingElement', path)) {
    throw noTarget(`No value of ${path} matches the path; add one with "path": "${path}" first.`);
  }
  // Clearing what is not there, as Entra's null flow does, changes nothing.
  if (isUnassigned(value, quirks)) return [...current];
  const element = elementFromFilter(definition, filter, quirks);
  if (!element) {
    throw noTarget(`No value of ${path} matches the path, and its filter does not say what one would look like.`);
  }
  if (sub) setSub(element, definition, sub, op, value, path, quirks);
  else setSubs(element, definition, op, value, path, quirks);
  return Object.keys(element).length > 0 ? withAdded(current, [element], definition, spend) : [...current];
}

/** RFC 7644 §3.5.2: an operation that sets primary on a value takes it from the others. */
function handOver(elements: readonly JsonValue[], setBy: ReadonlySet<JsonValue>): JsonValue[] {
  const moved = elements.some((element) => setBy.has(element) && isPrimary(element));
  if (!moved) return [...elements];
  return elements.map((element) =>
    isPrimary(element) && !setBy.has(element) && isObject(element)
      ? Object.assign(emptyObject(), element, { primary: false })
      : element,
  );
}

/** Whether an element says anything besides what it is labelled. */
function holdsMore(element: JsonObject): boolean {
  return Object.keys(element).some((name) => name !== 'type' && name !== 'primary');
}

/**
 * The elements without those that a list names, compared as `eq` would. The value identifies an element where there is one
 * (labels sent beside it may be stale); else an element is meant that has all of what is named.
 */
function withoutListed(
  current: readonly JsonValue[],
  listed: readonly JsonValue[],
  definition: AttributeDefinition,
  spend: WorkMeter,
): JsonValue[] {
  const valueIn = (element: JsonValue) =>
    isObject(element) ? textOf(subAttribute(definition, 'value'), element.value) : textOf(definition, element);
  const values = new Set(listed.map(valueIn).filter((text) => text !== undefined));
  const others = listed.filter(isObject).filter((named) => valueIn(named) === undefined);
  spend(current.length * others.length);
  const agrees = (element: JsonValue, named: JsonObject) =>
    Object.entries(named).every(([name, value]) => {
      const sub = subAttribute(definition, name);
      return isObject(element) && textOf(sub, element[name]) === textOf(sub, value);
    });
  return current.filter((element) => {
    const value = valueIn(element);
    const isListed = value !== undefined && values.has(value);
    return !isListed && !others.some((named) => agrees(element, named));
  });
}

function textOf(definition: AttributeDefinition | undefined, value: JsonValue | undefined): string | undefined {
  if (!definition || value === undefined) return undefined;
  return comparable(definition, value) ?? JSON.stringify(value);
}

function listOf(value: JsonValue): readonly JsonValue[] {
  // RFC 7644 §3.5.2.1: one value may be added to a multi-valued attribute without an array around it.
  return Array.isArray(value) ? value : [value];
}

function selectsSeveral(path: string) {
  return invalidFilter(`The filter selects more than one value of ${path}; send one that selects a single value.`);
}

/** The refusal of a remove that has a value, where the tolerance for it is off. */
export function removeWithValue(path: string) {
  return invalidSyntax(
    `A remove takes no value (RFC 7644 §3.5.2.2); to remove some of ${path} send a path such as ${path}[value eq "…"].`,
  );
}
