import { type AttributeDefinition, subAttribute } from './attribute.ts';
import { byName } from './by-name.ts';
import { COMMON_ATTRIBUTES } from './common.ts';
import { perType } from './per-type.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from './resource-type.ts';

/** What an attribute path such as `emails.value` or `urn:…:User:department` names on a resource type. */
export interface ResolvedAttribute {
  /** The URN of the extension that declares it; undefined for core and common attributes. */
  readonly extension: string | undefined;
  readonly attribute: AttributeDefinition;
  readonly sub: AttributeDefinition | undefined;
  /** Canonical spelling: extension attributes with their URN, core attributes without. */
  readonly path: string;
}

/** A path that names a whole extension, such as the enterprise URN alone. */
export interface ResolvedExtension {
  readonly extension: string;
  readonly schema: SchemaDefinition;
}

/** The definition that a value of this path has: the sub-attribute where one is named. */
export function leafOf(resolved: ResolvedAttribute): AttributeDefinition {
  return resolved.sub ?? resolved.attribute;
}

/** A tenant's resource types and the look-ups over them. */
export interface Registry {
  /** What is stored as resources. */
  readonly types: readonly ResourceTypeDefinition[];
  /** Types whose resources are made of other rows; they have endpoints of their own, and discovery shows them too. */
  readonly views?: readonly ResourceTypeDefinition[];
}

/** Every type that has an endpoint. */
export function publishedTypes({ types, views = [] }: Registry): readonly ResourceTypeDefinition[] {
  return [...types, ...views];
}

/** The resource type of that name, or undefined; exact, as in `meta.resourceType`. */
export function typeNamed(registry: Registry, name: string): ResourceTypeDefinition | undefined {
  return registry.types.find((type) => type.name === name);
}

/** The resource type whose endpoint is that part of a path, or undefined. */
export function typeAtEndpoint({ types }: Registry, part: string): ResourceTypeDefinition | undefined {
  const endpoint = `/${part}`;
  return types.find((type) => type.endpoint === endpoint);
}

/** Every schema that the registry's resource types use, each once (RFC 7643 §6). */
export function schemasOf(registry: Registry): SchemaDefinition[] {
  const schemas = new Map<string, SchemaDefinition>();
  for (const type of publishedTypes(registry)) {
    schemas.set(type.schema.id, type.schema);
    for (const extension of type.extensions) schemas.set(extension.schema.id, extension.schema);
  }
  return [...schemas.values()];
}

/** The core attribute (common ones included) of that name, in any letter case. */
export function coreAttribute(type: ResourceTypeDefinition, name: string): AttributeDefinition | undefined {
  return byName(COMMON_ATTRIBUTES, name) ?? byName(type.schema.attributes, name);
}

/** The extension schema with that URN, in any letter case. */
export function extensionSchema(type: ResourceTypeDefinition, urn: string): SchemaDefinition | undefined {
  return extensionsOf(type).get(urn.toLowerCase());
}

const extensionsOf = perType<ReadonlyMap<string, SchemaDefinition>>(
  (type) => new Map(type.extensions.map(({ schema }) => [schema.id.toLowerCase(), schema])),
);

/**
 * What `text` names on this type, or undefined when it names nothing: an attribute path of RFC 7644 §3.10, in any letter
 * case, with or without its schema URN. With `searchExtensions`, a bare name that the core lacks is looked for in the
 * extensions (clients write `manager` for the enterprise manager).
 */
export function resolveAttribute(
  type: ResourceTypeDefinition,
  text: string,
  options: { searchExtensions?: boolean } = {},
): ResolvedAttribute | undefined {
  // URNs hold dots and colons of their own ("2.0:User"), so known URNs are matched, not split (RFC 7644 §3.10).
  for (const schema of [type.schema, ...type.extensions.map((extension) => extension.schema)]) {
    const prefix = `${schema.id}:`;
    if (text.length > prefix.length && text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()) {
      const found = inSchema(schema, text.slice(prefix.length), schema === type.schema);
      if (found) return found;
    }
  }
  const core = inSchema(type.schema, text, true);
  if (core || !options.searchExtensions) return core;
  for (const { schema } of type.extensions) {
    const found = inSchema(schema, text, false);
    if (found) return found;
  }
  return undefined;
}

/** Whether an extension's attribute was named without the extension's URN. */
export function isUnqualified(
  found: ResolvedAttribute,
  text: string,
): found is ResolvedAttribute & { readonly extension: string } {
  const { extension } = found;
  return extension !== undefined && text.slice(0, extension.length).toLowerCase() !== extension.toLowerCase();
}

/** The extension that `text` names as a whole, or undefined. */
export function resolveExtension(type: ResourceTypeDefinition, text: string): ResolvedExtension | undefined {
  const schema = extensionSchema(type, text);
  return schema && { extension: schema.id, schema };
}

function inSchema(schema: SchemaDefinition, path: string, core: boolean): ResolvedAttribute | undefined {
  const [name = '', subName, ...rest] = path.split('.');
  if (rest.length > 0) return undefined;
  const attribute = (core ? byName(COMMON_ATTRIBUTES, name) : undefined) ?? byName(schema.attributes, name);
  if (!attribute) return undefined;
  const sub = subName === undefined ? undefined : subAttribute(attribute, subName);
  if (subName !== undefined && !sub) return undefined;
  return resolved(core ? undefined : schema.id, attribute, sub);
}

/** The resolved form of an attribute that the caller already holds. */
export function resolved(
  extension: string | undefined,
  attribute: AttributeDefinition,
  sub?: AttributeDefinition,
): ResolvedAttribute {
  const bare = sub ? `${attribute.name}.${sub.name}` : attribute.name;
  return { extension, attribute, sub, path: extension ? `${extension}:${bare}` : bare };
}

/** Every attribute of the type with its path: common, core, then extensions; sub-attributes are not listed. */
export const attributesOf = perType<readonly ResolvedAttribute[]>(listAttributes);

function listAttributes(type: ResourceTypeDefinition): ResolvedAttribute[] {
  return [
    ...COMMON_ATTRIBUTES.map((attribute) => resolved(undefined, attribute)),
    ...type.schema.attributes.map((attribute) => resolved(undefined, attribute)),
    ...type.extensions.flatMap(({ schema }) => schema.attributes.map((attribute) => resolved(schema.id, attribute))),
  ];
}
