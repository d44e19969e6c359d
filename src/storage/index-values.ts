import { invalidValue } from '../protocol/errors.ts';
import { type AttributeDefinition, subAttribute } from '../schema/attribute.ts';
import { EXTERNAL_ID } from '../schema/common.ts';
import { comparable } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { attributesOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { attributeNumber } from './catalog.ts';
import { indexedPart } from './cut.ts';

/** A row of `attribute_values`, without the resource it belongs to. */
export interface AttributeValue {
  readonly attribute: number;
  readonly value: string;
  readonly element: number;
  readonly tag: string | null;
  readonly fullValue: string | null;
}

/** Most values of a multi-valued attribute: positions are stored as smallint. */
export const MAX_ELEMENTS = 32_767;

/** The values of the document that filters and sorting find in `attribute_values`. */
export function indexValues(type: ResourceTypeDefinition, document: JsonObject): AttributeValue[] {
  const values = new Map<string, AttributeValue>();
  for (const attribute of attributesOf(type)) {
    if (!isIndexed(type, attribute)) continue;
    const holder = attribute.extension === undefined ? document : document[attribute.extension];
    const value = isObject(holder) ? holder[attribute.attribute.name] : undefined;
    if (value === undefined || value === null) continue;
    for (const row of valuesOf(type, attribute, value)) values.set(keyOf(row), row);
  }
  return [...values.values()];
}

/** What has to be taken from `attribute_values` and put into it when `before` becomes `after`. */
export function indexDifference(
  before: readonly AttributeValue[],
  after: readonly AttributeValue[],
): { removed: AttributeValue[]; added: AttributeValue[] } {
  const old = new Map(before.map((row) => [keyOf(row), row]));
  const kept = new Set(after.map(keyOf));
  return {
    removed: before.filter((row) => !kept.has(keyOf(row))),
    added: after.filter((row) => {
      const same = old.get(keyOf(row));
      return same?.tag !== row.tag || same.fullValue !== row.fullValue;
    }),
  };
}

/** Whether the attribute's values are in `attribute_values`; those of the others are in columns and rows of their own. */
export function isIndexed(type: ResourceTypeDefinition, { extension, attribute }: ResolvedAttribute): boolean {
  if (attribute.residence !== 'document') return false;
  return extension !== undefined || (attribute.name !== type.uniqueAttribute && attribute.name !== EXTERNAL_ID.name);
}

function* valuesOf(
  type: ResourceTypeDefinition,
  { extension, attribute, path }: ResolvedAttribute,
  value: JsonValue,
): Generator<AttributeValue> {
  const elements = Array.isArray(value) ? value : [value];
  if (elements.length > MAX_ELEMENTS) {
    throw invalidValue(`"${path}" has more than ${MAX_ELEMENTS} values; send fewer.`);
  }
  for (const [position, element] of elements.entries()) {
    if (!attribute.subAttributes) {
      yield* leaf(attributeNumber(type.name, path), attribute, element, position, null);
      continue;
    }
    if (!isObject(element)) continue;
    const tag = tagOf(attribute, element);
    for (const sub of attribute.subAttributes) {
      const number = attributeNumber(type.name, resolved(extension, attribute, sub).path);
      const leaves = element[sub.name] ?? null;
      for (const value of Array.isArray(leaves) ? leaves : [leaves]) yield* leaf(number, sub, value, position, tag);
    }
  }
}

function* leaf(
  attribute: number,
  definition: AttributeDefinition,
  value: JsonValue,
  element: number,
  tag: string | null,
): Generator<AttributeValue> {
  const whole = comparable(definition, value);
  if (whole === undefined) return;
  const part = indexedPart(whole);
  yield { attribute, value: part, element, tag, fullValue: part === whole ? null : whole };
}

/** The element's `type` in comparable form. */
function tagOf(attribute: AttributeDefinition, element: JsonObject): string | null {
  const definition = subAttribute(attribute, 'type');
  return (definition && comparable(definition, element[definition.name] ?? null)) ?? null;
}

function keyOf(row: AttributeValue): string {
  return `${row.attribute} ${row.element} ${row.value}`;
}
