import type { ExactNumber } from '../../schema/number.ts';
import type { ResolvedAttribute } from '../../schema/registry.ts';

/** The comparison operators of RFC 7644 §3.4.2.2. */
export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A literal of a filter. A number that JavaScript would write otherwise is kept as it was written. */
export type FilterValue = string | number | ExactNumber | boolean | null;

/**
 * A filter of RFC 7644 §3.4.2.2 over paths of type P: text as it was written, or what the registry resolved it to.
 * Inside a `valuePath`, paths are relative to its attribute while they are text (`type`), and whole once resolved
 * (`emails.type`).
 */
export type Filter<P> =
  | { readonly kind: 'and'; readonly terms: readonly Filter<P>[] }
  | { readonly kind: 'or'; readonly terms: readonly Filter<P>[] }
  | { readonly kind: 'not'; readonly term: Filter<P> }
  | { readonly kind: 'present'; readonly path: P }
  | { readonly kind: 'compare'; readonly path: P; readonly operator: CompareOperator; readonly value: FilterValue }
  | { readonly kind: 'valuePath'; readonly path: P; readonly filter: Filter<P> };

/** A filter as parsed. */
export type ParsedFilter = Filter<string>;

/**
 * A filter that was checked against a resource type: each path resolved, each value of the attribute's own type, `eq null`
 * and `ne null` turned into presence, `primary eq false` into `not (primary eq true)`, each operator one that the type allows.
 */
export type CheckedFilter = Filter<ResolvedAttribute>;
