import type { AttributeDefinition } from '../schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { attributesOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { assign, valueAt, withSchemas } from './document.ts';
import { mutability } from './errors.ts';

/**
 * The document after a PUT (RFC 7644 §3.5.1): what the request left out is unassigned, `id` stays, an immutable attribute
 * that has a value keeps it and must not be sent with another.
 */
export function replaceDocument(type: ResourceTypeDefinition, current: JsonObject, incoming: JsonObject): JsonObject {
  const document: JsonObject = { ...incoming };
  if (current.id !== undefined) document.id = current.id;
  for (const target of attributesOf(type)) {
    const before = valueAt(current, target);
    if (before === undefined || target.attribute.residence !== 'document') continue;
    assign(document, target, kept(target.attribute, before, valueAt(document, target), target.path));
  }
  return withSchemas(type, document);
}

/** The value after a replace: the immutable parts of the one before, the rest of the one asked for. */
export function kept(
  definition: AttributeDefinition,
  before: JsonValue | undefined,
  asked: JsonValue | undefined,
  path: string,
): JsonValue | undefined {
  if (before === undefined) return asked;
  if (definition.mutability === 'immutable') {
    if (asked !== undefined && !sameJson(asked, before)) throw mutability(`${path} is immutable; send it unchanged.`);
    return before;
  }
  const subs = definition.subAttributes?.filter((sub) => sub.mutability === 'immutable') ?? [];
  if (subs.length === 0 || definition.multiValued || !isObject(before)) return asked;
  const merged: JsonObject = isObject(asked) ? { ...asked } : {};
  for (const sub of subs) {
    const held = before[sub.name];
    const value = held === undefined ? merged[sub.name] : kept(sub, held, merged[sub.name], `${path}.${sub.name}`);
    if (value !== undefined) merged[sub.name] = value;
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}
