import type { AttributeDefinition } from '../schema/attribute.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { attributesOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { assign, valueAt, withSchemas } from './document.ts';
import { ScimError } from './errors.ts';
import type { Quirk, QuirkSet } from './quirks/quirks.ts';
import { distinct, readOne } from './values.ts';

/** The tolerances that leave values as they were sent; what others let in has been stored in the form that the RFCs ask for. */
const STORED_AS_SENT: ReadonlySet<string> = new Set<Quirk>(['countryNames', 'freeTextReference']);

/**
 * The document without the values that the type has no attribute for, or one that takes others: what was stored under
 * earlier schemas. Names count as they are spelled, since values are looked up so.
 */
export function fittingDocument(type: ResourceTypeDefinition, document: JsonObject, quirks: QuirkSet): JsonObject {
  const stored: QuirkSet = { has: (quirk) => STORED_AS_SENT.has(quirk) && quirks.has(quirk) };
  const fitting = emptyObject();
  if (document.id !== undefined) fitting.id = document.id;
  for (const target of attributesOf(type)) {
    const { attribute } = target;
    if (attribute.residence !== 'document' || (attribute.name === 'schemas' && !target.extension)) continue;
    const value = valueAt(document, target);
    // A set of roles may be empty, and no schema declares it.
    assign(fitting, target, attribute.roleSet ? value : fittingValue(attribute, value, stored));
  }
  return withSchemas(type, fitting);
}

function fittingValue(
  definition: AttributeDefinition,
  value: JsonValue | undefined,
  quirks: QuirkSet,
): JsonValue | undefined {
  if (value === undefined || Array.isArray(value) !== definition.multiValued) return undefined;
  if (!Array.isArray(value)) return fittingOne(definition, value, quirks);
  const elements = value.flatMap((element) => fittingOne(definition, element, quirks) ?? []);
  return elements.length > 0 ? distinct(elements) : undefined;
}

function fittingOne(definition: AttributeDefinition, value: JsonValue, quirks: QuirkSet): JsonValue | undefined {
  if (definition.type !== 'complex') return readable(definition, value, quirks);
  if (!isObject(value)) return undefined;
  const fitting = emptyObject();
  // Read one by one: a sender's complex value would lose its readOnly parts, and all of it for one that does not fit.
  for (const sub of definition.subAttributes ?? []) {
    const kept = fittingValue(sub, value[sub.name], quirks);
    if (kept !== undefined) fitting[sub.name] = kept;
  }
  return Object.keys(fitting).length > 0 ? fitting : undefined;
}

function readable(definition: AttributeDefinition, value: JsonValue, quirks: QuirkSet): JsonValue | undefined {
  try {
    return readOne(definition, value, definition.name, quirks);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}
