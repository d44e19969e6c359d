import { valueAt } from '../protocol/document.ts';
import { invalidValue, type ScimError } from '../protocol/errors.ts';
import { comparable } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { perType } from '../schema/per-type.ts';
import { attributesOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { indexedPart, MAX_INDEXED_LENGTH } from './cut.ts';
import { isIndexed } from './index-values.ts';

/** The multi-valued sub-attributes of a type whose values are indexed: the standard's own types have none. */
const listsOf = perType<readonly ResolvedAttribute[]>((type) =>
  attributesOf(type)
    .filter((target) => isIndexed(type, target))
    .flatMap(({ extension, attribute }) =>
      (attribute.subAttributes ?? [])
        .filter(({ multiValued }) => multiValued)
        .map((definition) => resolved(extension, attribute, definition)),
    ),
);

/**
 * The refusal of a document with values in a list within an element that begin alike: the index has one row for each
 * beginning in an element, so the resource would be found by the last of them only. What was stored like that before stays.
 */
export function refusedAsAlike(
  type: ResourceTypeDefinition,
  before: JsonObject | undefined,
  after: JsonObject,
): ScimError | undefined {
  for (const list of listsOf(type)) {
    const { extension, attribute, path } = list;
    const whole = resolved(extension, attribute);
    const value = valueAt(after, whole);
    const former = before && valueAt(before, whole);
    if (value === undefined || (former !== undefined && sameJson(former, value))) continue;
    const alike = beginningsOf(list, value);
    if (alike.size === 0) continue;
    const stored = beginningsOf(list, former);
    if ([...alike].every((beginning) => stored.has(beginning))) continue;
    return invalidValue(
      `Two values of "${path}" in one value of "${whole.path}" are alike in their first ${MAX_INDEXED_LENGTH} ` +
        'characters; send one of them, or values that differ sooner.',
    );
  }
  return undefined;
}

/** What different values of the list begin with alike within an element. */
function beginningsOf(list: ResolvedAttribute, value: JsonValue | undefined): Set<string> {
  const alike = new Set<string>();
  for (const element of Array.isArray(value) ? value : [value]) {
    const found = isObject(element) && list.sub ? element[list.sub.name] : undefined;
    if (Array.isArray(found)) addAlike(alike, list, found);
  }
  return alike;
}

function addAlike(alike: Set<string>, { sub, attribute }: ResolvedAttribute, values: readonly JsonValue[]): void {
  const wholes = new Map<string, string>();
  for (const value of values) {
    const whole = comparable(sub ?? attribute, value);
    if (whole === undefined) continue;
    const part = indexedPart(whole);
    if ((wholes.get(part) ?? whole) !== whole) alike.add(part);
    wholes.set(part, whole);
  }
}
