import { fold } from '../schema/fold.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';

/** The folded value by which the resource is unique among those of its type; null when it has none. */
export function uniqueKeyOf(type: ResourceTypeDefinition, document: JsonObject): string | null {
  const value = type.uniqueAttribute === undefined ? null : textAt(document, type.uniqueAttribute);
  return value === null ? null : fold(value);
}

/** What references show of the resource: its displayName, or else its unique attribute. */
export function displayOf({ uniqueAttribute }: ResourceTypeDefinition, document: JsonObject): string | null {
  return textAt(document, 'displayName') ?? (uniqueAttribute === undefined ? null : textAt(document, uniqueAttribute));
}

/** The externalId of the resource; null when it has none. */
export function externalIdOf(document: JsonObject): string | null {
  return textAt(document, 'externalId');
}

function textAt(document: JsonObject, name: string): string | null {
  const value = document[name];
  return typeof value === 'string' ? value : null;
}
