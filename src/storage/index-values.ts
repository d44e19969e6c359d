import { valueAt } from '../protocol/document.ts';
import { invalidValue } from '../protocol/errors.ts';
import { type AttributeDefinition, subAttribute } from '../schema/attribute.ts';
import { EXTERNAL_ID } from '../schema/common.ts';
import { comparable } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { perType } from '../schema/per-type.ts';
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

/** An attribute whose values are indexed, with what never changes of how they are. */
interface IndexedAttribute {
  readonly target: ResolvedAttribute;
  /** The attribute itself where it is simple, else its sub-attributes. */
  readonly leaves: readonly IndexedLeaf[];
  /** The sub-attribute `type`, whose value is the tag of its element. */
  readonly tag: AttributeDefinition | undefined;
}

interface IndexedLeaf {
  readonly number: number;
  readonly definition: AttributeDefinition;
}

/** The indexed attributes of a type. */
const indexedOf = perType<readonly IndexedAttribute[]>((type) =>
  attributesOf(type)
    .filter((target) => isIndexed(type, target))
    .map((target) => {
      const { extension, attribute } = target;
      const { subAttributes = [attribute] } = attribute;
      const leaves = subAttributes.map((definition) => {
        const { path } = definition === attribute ? target : resolved(extension, attribute, definition);
        return { number: attributeNumber(type.name, path), definition };
      });
      return { target, leaves, tag: subAttribute(attribute, 'type') };
    }),
);

/** The values of the document that filters and sorting find in `attribute_values`. */
export function indexValues(type: ResourceTypeDefinition, document: JsonObject): AttributeValue[] {
  const values: AttributeValue[] = [];
  for (const one of indexedOf(type)) addValues(values, one, valueAt(document, one.target));
  return values;
}

/** What has to be taken from `attribute_values` and put into it when the document `before` becomes `after`. */
export function indexDifference(
  type: ResourceTypeDefinition,
  before: JsonObject,
  after: JsonObject,
): { removed: AttributeValue[]; added: AttributeValue[] } {
  const [old, young]: [AttributeValue[], AttributeValue[]] = [[], []];
  for (const one of indexedOf(type)) {
    const [was, is] = [valueAt(before, one.target), valueAt(after, one.target)];
    // No value has rows that depend on another attribute.
    if (sameJson(was, is)) continue;
    addValues(old, one, was);
    addValues(young, one, is);
  }
  if (old.length === 0 || young.length === 0) return { removed: old, added: young };
  const former = new Map(old.map((row) => [keyOf(row), row]));
  const kept = new Set(young.map(keyOf));
  return {
    removed: old.filter((row) => !kept.has(keyOf(row))),
    added: young.filter((row) => {
      const same = former.get(keyOf(row));
      return same?.tag !== row.tag || same.fullValue !== row.fullValue;
    }),
  };
}

/** Whether the attribute's values are in `attribute_values`; those of the others are in columns and rows of their own. */
export function isIndexed(type: ResourceTypeDefinition, { extension, attribute }: ResolvedAttribute): boolean {
  if (attribute.residence !== 'document') return false;
  return extension !== undefined || (attribute.name !== type.uniqueAttribute && attribute.name !== EXTERNAL_ID.name);
}

/** Adds the rows of an attribute's value. */
function addValues(rows: AttributeValue[], indexed: IndexedAttribute, value: JsonValue | undefined): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) {
    addElement(rows, indexed, value, 0);
    return;
  }
  if (value.length > MAX_ELEMENTS) {
    throw invalidValue(`"${indexed.target.path}" has more than ${MAX_ELEMENTS} values; send fewer.`);
  }
  let position = 0;
  for (const element of value) addElement(rows, indexed, element, position++);
}

function addElement(rows: AttributeValue[], { target, leaves, tag }: IndexedAttribute, element: JsonValue, at: number) {
  if (!target.attribute.subAttributes) {
    const [simple] = leaves;
    if (simple) addLeaf(rows, simple, element, at, null);
    return;
  }
  if (!isObject(element)) return;
  const named = (tag && comparable(tag, element[tag.name] ?? null)) ?? null;
  for (const leaf of leaves) {
    const found = element[leaf.definition.name];
    if (Array.isArray(found)) addDistinct(rows, leaf, found, at, named);
    else if (found !== undefined) addLeaf(rows, leaf, found, at, named);
  }
}

/**
 * The values of a multi-valued sub-attribute have one position, so of those that are equal there is one row. So there is of those
 * that only begin alike, which `refusedAsAlike` keeps from being stored.
 */
function addDistinct(
  rows: AttributeValue[],
  leaf: IndexedLeaf,
  values: readonly JsonValue[],
  element: number,
  tag: string | null,
): void {
  const own: AttributeValue[] = [];
  for (const value of values) addLeaf(own, leaf, value, element, tag);
  rows.push(...new Map(own.map((row) => [row.value, row])).values());
}

function addLeaf(
  rows: AttributeValue[],
  { number, definition }: IndexedLeaf,
  value: JsonValue,
  element: number,
  tag: string | null,
): void {
  const whole = comparable(definition, value);
  if (whole === undefined) return;
  const part = indexedPart(whole);
  rows.push({ attribute: number, value: part, element, tag, fullValue: part === whole ? null : whole });
}

function keyOf(row: AttributeValue): string {
  return `${row.attribute} ${row.element} ${row.value}`;
}
