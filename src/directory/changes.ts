import type { Conditions } from '../protocol/etag.ts';
import type { MembershipStep } from '../protocol/patch/membership.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Addressed } from './address.ts';

/** What a pure function makes of a resource. */
export interface Outcome {
  readonly document: JsonObject;
  readonly memberships: readonly MembershipStep[];
  /** A password to set, null to have none, undefined to leave it as it is. */
  readonly password: string | null | undefined;
}

/** A new resource; the unique indexes decide whether it may be, never a look-up before (409 `uniqueness`). */
export interface Creation {
  readonly kind: 'create';
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  /** With `schemas` and `id`. */
  readonly document: JsonObject;
  readonly memberships: readonly MembershipStep[];
  readonly passwordHash: string | undefined;
  /** Of a resource that comes back as it was: its first instant, and the version that follows its last. */
  readonly former?: { readonly created: Date; readonly version: number };
}

/** A change of a resource that there is. `mutate` is pure: it may be called more than once. */
export interface Mutation extends Addressed {
  readonly kind: 'put' | 'patch';
  readonly conditions: Conditions;
  readonly mutate: (current: JsonObject) => Outcome;
  /** Whether the resource becomes what it was before, with a status that no change leads back to. */
  readonly isFormer?: boolean;
  /** The password of each outcome, where it is known before what the resource is. */
  readonly password?: string | null | undefined;
}

/** The deletion of a resource, for good, and with it of its memberships; groups that lose a member move on. */
export interface Removal extends Addressed {
  readonly kind: 'delete';
  readonly conditions: Conditions;
}

/**
 * The beginning or the end of one membership: a change of the group, which the address names by its id. It is refused when
 * there is the membership already, or is not.
 */
export interface Link extends Addressed {
  readonly kind: 'join' | 'leave';
  readonly member: string;
  /** About the membership, not about the group. */
  readonly conditions: Conditions;
}

/** A change of the directory, as the one write path takes it. */
export type Change = Creation | Mutation | Removal | Link;
