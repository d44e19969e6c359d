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
    if (value === undefined) delete document[name];
    else document[name] = value;
    return;
  }
  const present = document[target.extension];
  const container = isObject(present) ? present : emptyObject();
  if (value === undefined) delete container[name];
  else container[name] = value;
  if (Object.keys(container).length > 0) document[target.extension] = container;
  else delete document[target.extension];
}

/**
 * The document with `schemas` first: the core schema and each extension that has attributes here (RFC 7643 §3), whatever
 * the sender listed. `id` and `externalId` follow, as in the RFC's examples.
 */
export function withSchemas(type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  const used = type.extensions.map(({ schema }) => schema.id).filter((urn) => document[urn] !== undefined);
  const { schemas: _, id, externalId, ...rest } = document;
  return Object.assign(
    emptyObject(),
    { schemas: [type.schema.id, ...used] },
    id === undefined ? {} : { id },
    externalId === undefined ? {} : { externalId },
    rest,
  );
}
