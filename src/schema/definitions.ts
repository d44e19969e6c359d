import type { AttributeDefinition } from './attribute.ts';
import { ENTERPRISE_USER } from './enterprise-user.ts';
import type { Registry } from './registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from './resource-type.ts';

/** An extension of a resource type by the URN of its schema. */
export interface ExtensionReference {
  readonly schema: string;
  readonly required: boolean;
}

/** A resource type of RFC 7643 §6 whose schemas are named by their URNs. */
export interface TypeDefinition {
  readonly name: string;
  readonly description: string;
  /** With its leading slash. */
  readonly endpoint: string;
  readonly schema: string;
  readonly extensions: readonly ExtensionReference[];
}

/** A resource type that a tenant registered. */
export interface RegisteredType extends TypeDefinition {
  /** Under which its resources are stored. */
  readonly number: number;
}

/** Extensions that a tenant put on a type that it did not register itself, such as User. */
export interface ExtendedType {
  readonly number: number;
  readonly extensions: readonly ExtensionReference[];
}

/** What a tenant has registered. */
export interface Definitions {
  readonly schemas: readonly SchemaDefinition[];
  readonly types: readonly RegisteredType[];
  readonly extended: readonly ExtendedType[];
}

/** The definitions of a tenant that registered nothing. */
export const NO_DEFINITIONS: Definitions = { schemas: [], types: [], extended: [] };

/** The first number that a registered type can have; those below are of types that ship. */
export const FIRST_REGISTERED_NUMBER = 100;

/** Schemas that ship and can extend registered types. */
const SHIPPED_EXTENSIONS = [ENTERPRISE_USER];

/** The schema of that URN, in any letter case (RFC 7644 §3.10). */
export function schemaNamed(definitions: Definitions, urn: string): SchemaDefinition | undefined {
  const wanted = urn.toLowerCase();
  return [...definitions.schemas, ...SHIPPED_EXTENSIONS].find(({ id }) => id.toLowerCase() === wanted);
}

/** The types that ship, with the extensions that the tenant put on them, and then those that it registered. */
export function typesWith(
  shipped: readonly ResourceTypeDefinition[],
  definitions: Definitions,
): ResourceTypeDefinition[] {
  const names = definitions.types.map(({ name }) => name);
  const extended = shipped.map((type) => {
    const added = definitions.extended.find(({ number }) => number === type.number)?.extensions ?? [];
    if (added.length === 0 && names.length === 0) return type;
    return {
      ...type,
      schema: { ...type.schema, attributes: type.schema.attributes.map((one) => withMemberTypes(one, names)) },
      extensions: [...type.extensions, ...added.map((extension) => resolvedExtension(definitions, extension))],
    };
  });
  return [...extended, ...definitions.types.map((type) => resolvedType(definitions, type))];
}

/** The numbers of the types whose resources groups can have as members: User, Group and every registered type. */
export function memberTypes({ types }: Registry): number[] {
  const takesPart = ({ residence }: AttributeDefinition) => residence === 'rows' || residence === 'derived';
  return types
    .filter(({ number, schema }) => number >= FIRST_REGISTERED_NUMBER || schema.attributes.some(takesPart))
    .map(({ number }) => number);
}

function resolvedType(definitions: Definitions, type: RegisteredType): ResourceTypeDefinition {
  const { number, name, description, endpoint, extensions } = type;
  const schema = needed(definitions, type.schema);
  return {
    number,
    name,
    description,
    endpoint,
    schema: { ...schema, attributes: schema.attributes.map(withDerivedGroups) },
    extensions: extensions.map((extension) => resolvedExtension(definitions, extension)),
  };
}

function resolvedExtension(definitions: Definitions, { schema, required }: ExtensionReference) {
  return { schema: needed(definitions, schema), required };
}

function needed(definitions: Definitions, urn: string): SchemaDefinition {
  const schema = schemaNamed(definitions, urn);
  if (!schema) throw new Error(`The schema ${urn} is used and not registered.`);
  return schema;
}

/** RFC 7643 §4.1.2: a `groups` like that of users shows the groups that have the resource as a member. */
function withDerivedGroups(definition: AttributeDefinition): AttributeDefinition {
  return isDerivedGroups(definition) ? { ...definition, residence: 'derived' } : definition;
}

/** Whether a core attribute of that kind is computed from the memberships. */
export function isDerivedGroups({ name, type, multiValued, mutability }: AttributeDefinition): boolean {
  return name === 'groups' && type === 'complex' && multiValued && mutability === 'readOnly';
}

/** RFC 7643 §4.2, RFC 9944: what `members` can be. */
function withMemberTypes(definition: AttributeDefinition, names: readonly string[]): AttributeDefinition {
  if (definition.residence !== 'rows' || !definition.subAttributes) return definition;
  const subAttributes = definition.subAttributes.map((sub) => {
    if (sub.name === '$ref') return { ...sub, referenceTypes: [...(sub.referenceTypes ?? []), ...names] };
    if (sub.name === 'type') return { ...sub, canonicalValues: [...(sub.canonicalValues ?? []), ...names] };
    return sub;
  });
  return { ...definition, subAttributes };
}
