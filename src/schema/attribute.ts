import { byName } from './by-name.ts';
import type { JsonValue } from './json.ts';

/** The data types of RFC 7643 §2.3; `binary` is legal everywhere (errata 5606, 8435). */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/** Where an attribute's value is kept; not published. */
export type Residence =
  /** In the resource's JSON document. */
  | 'document'
  /** In a column beside the document (id, externalId, meta): never written through the document. */
  | 'column'
  /** One row a value: `members` of a Group. */
  | 'rows'
  /** Computed from other resources' rows when asked for: `groups` of a User. */
  | 'derived'
  /** Kept as a hash only: `password`. */
  | 'hash';

/** An attribute with the characteristics of RFC 7643 §7. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
  /** Not published: where the value is kept. */
  readonly residence: Residence;
  /** Not published: the value a create or a replace gives when the sender names none (RFC 7644 §3.3, §3.5.1). */
  readonly defaultValue?: JsonValue;
  /** Not published: a form that the RFC asks of the text although /Schemas has no word for it. */
  readonly format?: 'country';
  /**
   * Not published: the core attribute whose value counts as this one's, as far as it is unique, where a resource has none.
   */
  readonly standIn?: string;
  /** Not published: the types of resources of one of which the text is the id; /Schemas has a word for URIs alone. */
  readonly idOf?: readonly string[];
  /** Not published: the attribute is a closed set of role names, see `role-set.ts`. */
  readonly roleSet?: RoleSetDefinition;
}

/** A tenant's closed set of role names and the JSON shape in which a user's set is shown. */
export interface RoleSetDefinition {
  readonly names: readonly string[];
  /** Roles of a user that is written without any. */
  readonly defaults: readonly string[];
  readonly shape: 'object' | 'names' | 'rfc';
}

type Given = Partial<Omit<AttributeDefinition, 'name' | 'description'>>;

/** An attribute; what is not given has the default of RFC 7643 §2.2. */
export function attribute(name: string, description: string, given: Given = {}): AttributeDefinition {
  return {
    name,
    description,
    type: 'string',
    multiValued: false,
    required: false,
    // RFC 7643 §2.3.6, §2.3.7: binary and reference values are case-exact by their type.
    caseExact: given.type === 'reference' || given.type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    residence: 'document',
    ...given,
  };
}

/** A complex attribute. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  given: Given = {},
): AttributeDefinition {
  return attribute(name, description, { type: 'complex', subAttributes, ...given });
}

/** Whether values of it are never shown, so that neither filters nor sorting may tell of them (RFC 7643 §7). */
export function isHidden({ returned, mutability, residence }: AttributeDefinition): boolean {
  return returned === 'never' || mutability === 'writeOnly' || residence === 'hash';
}

/** Whether values of the type can be unique (RFC 7643 §2.3, erratum 6004). */
export function canBeUnique({ type }: AttributeDefinition): boolean {
  return type !== 'boolean' && type !== 'dateTime' && type !== 'binary' && type !== 'complex';
}

/** Whether values are URIs of resources of the server, and not of something elsewhere (RFC 7643 §7, referenceTypes). */
export function refersToResources({ type, referenceTypes }: AttributeDefinition): boolean {
  return type === 'reference' && (referenceTypes?.some(isTypeName) ?? false);
}

/** Whether the word of `referenceTypes` names a resource type (RFC 7643 §7). */
export function isTypeName(word: string): boolean {
  return word !== 'external' && word !== 'uri';
}

/** The sub-attribute of that name, in any letter case (RFC 7643 §2.1). */
export function subAttribute(parent: AttributeDefinition, name: string): AttributeDefinition | undefined {
  return parent.subAttributes && byName(parent.subAttributes, name);
}
