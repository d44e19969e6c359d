import type { CheckedFilter } from '../filter/ast.ts';

/** A member as a client names it; what else was sent of it (`$ref`, `display`, `type`) is the server's to know. */
export interface MemberReference {
  readonly value: string;
}

/**
 * One step of a plan of membership changes. Steps are carried out in order; storage turns each into set statements, so no
 * step reads members that it does not name.
 */
export type MembershipStep =
  | { readonly kind: 'add'; readonly members: readonly MemberReference[] }
  | { readonly kind: 'remove'; readonly members: readonly MemberReference[] }
  | { readonly kind: 'removeAll' }
  | { readonly kind: 'replace'; readonly members: readonly MemberReference[] }
  /** Remove the members that the filter selects (paths like `members.value`, `members.type`). */
  | { readonly kind: 'removeWhere'; readonly filter: CheckedFilter }
  /** Remove the members that the filter selects and add these; `noTarget` when none was selected (RFC 7644 §3.5.2.3). */
  | {
      readonly kind: 'replaceWhere';
      readonly filter: CheckedFilter;
      readonly members: readonly MemberReference[];
      readonly whenNone: 'noTarget' | 'add';
    };
