import { isObject, type JsonObject, type JsonValue, memberNamed } from '../schema/json.ts';
import { attributesOf, type Registry, type ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';

/** A place in a resource that refers to another one by its id, such as `manager`. */
interface Reference {
  readonly element: JsonObject;
  readonly id: string;
}

/**
 * The attributes of a type whose values refer to resources by `value` and `$ref`, other than members, which are rows: of
 * these the schema says to which types they lead (RFC 7643 §7, referenceTypes).
 */
export function referringAttributes(registry: Registry, type: ResourceTypeDefinition): ResolvedAttribute[] {
  const names = new Set(registry.types.map(({ name }) => name));
  return attributesOf(type).filter(({ attribute }) => {
    const { subAttributes = [], residence, mutability } = attribute;
    if (residence !== 'document' || mutability === 'readOnly') return false;
    const uri = subAttributes.find(({ name }) => name === '$ref');
    const leads = uri?.referenceTypes?.some((name) => names.has(name)) ?? false;
    return leads && subAttributes.some(({ name }) => name === 'value');
  });
}

/** The ids to which a resource refers by those attributes. */
export function idsReferredTo(attributes: readonly ResolvedAttribute[], body: JsonObject): string[] {
  return referencesIn(attributes, body).map(({ id }) => id);
}

/** Puts the ids that are given for others in their places, and into the ends of their URIs. */
export function redirect(
  attributes: readonly ResolvedAttribute[],
  body: JsonObject,
  to: (id: string) => string | undefined,
): void {
  for (const { element, id } of referencesIn(attributes, body)) {
    const target = to(id);
    if (target === undefined) continue;
    for (const [key, value] of Object.entries(element)) {
      const name = key.toLowerCase();
      if (name === 'value') element[key] = target;
      if (name === '$ref' && typeof value === 'string' && value.endsWith(`/${id}`)) {
        element[key] = value.slice(0, -id.length) + target;
      }
    }
  }
}

function referencesIn(attributes: readonly ResolvedAttribute[], body: JsonObject): Reference[] {
  return attributes.flatMap(({ extension, attribute }) => {
    const container = extension === undefined ? body : memberNamed(body, extension);
    const value = isObject(container) ? memberNamed(container, attribute.name) : undefined;
    const elements: JsonValue[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return elements.flatMap((element) => {
      const id = isObject(element) ? memberNamed(element, 'value') : undefined;
      return isObject(element) && typeof id === 'string' && id !== '' ? [{ element, id }] : [];
    });
  });
}
