import type { AttributeDefinition } from '../../schema/attribute.ts';
import { copyOf, emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from '../../schema/json.ts';
import { invalidSyntax, noTarget } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { evaluateElement } from '../filter/evaluate.ts';
import { elementFromFilter } from '../quirks/elements.ts';
import { namesElements } from '../quirks/operations.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import { checkElements, isPrimary, readElements, readOne, subValues } from '../values.ts';
import { setSub } from './complex.ts';
import type { PatchOperation } from './message.ts';

/** What an operation on a multi-valued attribute needs to know. */
export interface ElementsTarget {
  readonly definition: AttributeDefinition;
  readonly path: string;
  readonly filter: CheckedFilter | undefined;
  readonly sub: AttributeDefinition | undefined;
}

/** The elements after one operation (RFC 7644 §3.5.2); undefined when the attribute is unassigned by it. */
export function patchElements(
  current: readonly JsonValue[],
  target: ElementsTarget,
  operation: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] | undefined {
  const next =
    target.filter || target.sub
      ? patchSelected(current, target, operation, quirks)
      : patchWhole(current, target, operation, quirks);
  checkElements(next, target.path);
  return next.length > 0 ? next : undefined;
}

function patchWhole(
  current: readonly JsonValue[],
  { definition, path }: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  if (op === 'remove') {
    if (!namesElements(value)) return [];
    if (!quirks.has('removeMembersByValue')) throw removeWithValue(path);
    const listed = readElements(definition, listOf(value), path, quirks);
    return current.filter((element) => !listed.some((named) => agrees(element, named)));
  }
  const given = value === undefined || value === null || value === '' ? [] : listOf(value);
  const added = readElements(definition, given, path, quirks);
  if (op === 'replace') return added;
  const fresh = added.filter((element) => !current.some((present) => sameJson(present, element)));
  return handOver([...current, ...fresh], new Set(fresh));
}

function patchSelected(
  current: readonly JsonValue[],
  target: ElementsTarget,
  operation: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  const { filter } = target;
  const selected = current.filter((element) => filter === undefined || evaluateElement(filter, element));
  if (selected.length === 0) return patchNone(current, target, operation, quirks);
  const touched = new Set<JsonValue>();
  const next: JsonValue[] = [];
  for (const element of current) {
    if (!selected.includes(element)) {
      next.push(element);
      continue;
    }
    const changed = patchElement(element, target, operation, quirks);
    if (changed === undefined) continue;
    next.push(changed);
    if (isPrimary(changed) && !isPrimary(element)) touched.add(changed);
  }
  return handOver(next, touched);
}

/** One selected element after the operation; undefined when it is removed. */
function patchElement(
  element: JsonValue,
  { definition, path, sub }: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (sub) {
    const changed: JsonObject = isObject(element) ? copyOf(element) : emptyObject();
    setSub(changed, definition, sub, op, value ?? null, path, quirks);
    return holdsMore(changed) || sameJson(changed, element) ? changed : undefined;
  }
  if (op === 'remove') return undefined;
  if (op === 'add' && isObject(element)) {
    const merged = copyOf(element);
    for (const [named, given] of subValues(definition, value ?? null, path, quirks)) {
      setSub(merged, definition, named, op, given, path, quirks);
    }
    return merged;
  }
  // RFC 7644 §3.5.2.3: a replace of selected values replaces each of them.
  return readOne(definition, value ?? null, path, quirks);
}

/** The operation when nothing is selected. */
function patchNone(
  current: readonly JsonValue[],
  target: ElementsTarget,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): JsonValue[] {
  const { definition, path, filter, sub } = target;
  if (op === 'remove') return [...current];
  if (!quirks.has('createMissingElement')) {
    throw noTarget(`No value of ${path} matches the path; add one with "path": "${path}" first.`);
  }
  const element = elementFromFilter(definition, filter);
  if (!element) {
    throw noTarget(`No value of ${path} matches the path, and its filter does not say what one would look like.`);
  }
  const before = Object.keys(element).length;
  if (sub) setSub(element, definition, sub, op, value ?? null, path, quirks);
  else if (value !== undefined && value !== null && value !== '') {
    for (const [named, given] of subValues(definition, value, path, quirks)) {
      setSub(element, definition, named, op, given, path, quirks);
    }
  }
  // Clearing what is not there, as Entra's null flow does, changes nothing (clients.md §3.2).
  if (Object.keys(element).length === before && !filterGaveIt(value)) return [...current];
  return handOver([...current, element], new Set([element]));
}

function filterGaveIt(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
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

/** Whether an element has every sub-attribute value that the other names. */
function agrees(element: JsonValue, named: JsonValue): boolean {
  if (!isObject(element) || !isObject(named)) return sameJson(element, named);
  // The value identifies an element where there is one; labels sent beside it may be stale.
  if (named.value !== undefined) return sameJson(element.value, named.value);
  return Object.entries(named).every(([name, value]) => sameJson(element[name], value));
}

function listOf(value: JsonValue): readonly JsonValue[] {
  // RFC 7644 §3.5.2.1: one value may be added to a multi-valued attribute without an array around it.
  return Array.isArray(value) ? value : [value];
}

/** The refusal of a remove that has a value, where the tolerance for it is off. */
export function removeWithValue(path: string) {
  return invalidSyntax(
    `A remove takes no value (RFC 7644 §3.5.2.2); to remove some of ${path} send a path such as ${path}[value eq "…"].`,
  );
}
