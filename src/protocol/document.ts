import { emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';

/** The value of an attribute (not of its sub-attribute) in a document, or undefined. */
export function valueAt(document: JsonObject, target: ResolvedAttribute): JsonValue | undefined {
  const container = target.extension === undefined ? document : document[target.extension];
  return isObject(container) ? container[target.attribute.name] : undefined;
}

/** Puts a value at an attribute, or removes it when undefined; an extension that has none left goes with it. */
export function assign(document: JsonObject, target: ResolvedAttribute, value: JsonValue | undefined): void {
  const name = target.attribute.name;
  if (target.extension === undefined) {
    if (value === undefined) remove(document, name);
    else document[name] = value;
    return;
  }
  const present = document[target.extension];
  const container = isObject(present) ? present : emptyObject();
  if (value === undefined) remove(container, name);
  else container[name] = value;
  if (Object.keys(container).length > 0) document[target.extension] = container;
  else remove(document, target.extension);
}

/** Deletes a member, if there is one: most have none to delete, and even that takes V8 longer than to look. */
function remove(object: JsonObject, name: string): void {
  if (Object.hasOwn(object, name)) delete object[name];
}

/**
 * The document with `schemas` first: the core schema and each extension that has attributes here (RFC 7643 §3), whatever
 * the sender listed. `id` and `externalId` follow, as in the RFC's examples.
 */
export function withSchemas(type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  const used = type.extensions.map(({ schema }) => schema.id).filter((urn) => document[urn] !== undefined);
  const { id, externalId } = document;
  const ordered = emptyObject();
  ordered.schemas = [type.schema.id, ...used];
  if (id !== undefined) ordered.id = id;
  if (externalId !== undefined) ordered.externalId = externalId;
  return withRest(ordered, document);
}

/** The document of a new resource with its id, behind `schemas`. */
export function withId(document: JsonObject, id: string): JsonObject {
  const ordered = emptyObject();
  ordered.schemas = document.schemas ?? [];
  ordered.id = id;
  return withRest(ordered, document);
}

/** One by one, which takes V8 half as long as to spread or assign so many. */
function withRest(ordered: JsonObject, document: JsonObject): JsonObject {
  for (const name in document) {
    if (!Object.hasOwn(ordered, name)) ordered[name] = document[name] as JsonValue;
  }
  return ordered;
}
