import type { CheckedFilter, CompareOperator, FilterValue } from '../protocol/filter/ast.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';

/** The operators that remain when `ne` is read as `not eq`. */
export type PositiveOperator = Exclude<CompareOperator, 'ne'>;

/** A term of a filter that holds no other. */
export type Leaf =
  | { readonly kind: 'present'; readonly path: ResolvedAttribute }
  | {
      readonly kind: 'compare';
      readonly path: ResolvedAttribute;
      readonly operator: PositiveOperator;
      readonly value: FilterValue;
    }
  | { readonly kind: 'valuePath'; readonly path: ResolvedAttribute; readonly filter: CheckedFilter };

/** A filter whose negations stand at its leaves. */
export type Term =
  | { readonly kind: 'and'; readonly terms: readonly Term[] }
  | { readonly kind: 'or'; readonly terms: readonly Term[] }
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly negated: boolean };

/**
 * The filter, or its opposite, with negations moved to the leaves: there a missing row or a null column simply means that
 * the negation holds.
 */
export function normalForm(filter: CheckedFilter, negated = false): Term {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        kind: (filter.kind === 'and') === negated ? 'or' : 'and',
        terms: filter.terms.map((term) => normalForm(term, negated)),
      };
    case 'not':
      return normalForm(filter.term, !negated);
    case 'present':
    case 'valuePath':
      return { kind: 'leaf', leaf: filter, negated };
    case 'compare': {
      const { operator } = filter;
      if (operator === 'ne') return { kind: 'leaf', leaf: { ...filter, operator: 'eq' }, negated: !negated };
      return { kind: 'leaf', leaf: { ...filter, operator }, negated };
    }
  }
}

/** The leaves of the term, in order. */
export function leavesOf(term: Term): Leaf[] {
  return term.kind === 'leaf' ? [term.leaf] : term.terms.flatMap(leavesOf);
}
