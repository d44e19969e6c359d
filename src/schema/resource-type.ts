import type { AttributeDefinition } from './attribute.ts';

/** A schema of RFC 7643 §7: its URN and the attributes it declares. */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** A resource type of RFC 7643 §6. */
export interface ResourceTypeDefinition {
  /** Also `meta.resourceType`. */
  readonly name: string;
  readonly description: string;
  /** Relative to the base URI, with its leading slash. */
  readonly endpoint: string;
  readonly schema: SchemaDefinition;
  readonly extensions: readonly { readonly schema: SchemaDefinition; readonly required: boolean }[];
  /** Not published: the number under which rows of this type are stored. */
  readonly number: number;
  /** Not published: the core attribute whose folded value is unique among the tenant's resources of this type. */
  readonly uniqueAttribute?: string;
}
