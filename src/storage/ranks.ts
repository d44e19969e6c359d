import type { Leaf, Term } from './normal-form.ts';

/** How many resources a leaf selects, as far as that is known; else Infinity. */
export interface SizeOf {
  (leaf: Leaf): number;
  /** Tells of two leaves which one selects more, by the larger number, as far as that can be guessed; left out, the sizes tell. */
  readonly rank?: (leaf: Leaf) => number;
}

/** The rank of a leaf of which nothing is known. */
export const UNRANKED = 2 ** 40;

/** A number that is larger for what selects more, as far as that can be guessed. */
export function rankOf(term: Term, sizeOf: SizeOf): number {
  if (term.kind !== 'leaf') {
    const ranks = term.terms.map((one) => rankOf(one, sizeOf));
    return term.kind === 'and' ? Math.min(...ranks) : Math.max(...ranks);
  }
  const rank = Math.min(sizeOf.rank?.(term.leaf) ?? sizeOf(term.leaf), UNRANKED);
  return term.negated ? 2 * UNRANKED - rank : rank;
}

/** The most that the term selects, as far as sizes tell. */
export function atMost(term: Term, sizeOf: SizeOf): number {
  if (term.kind === 'leaf') return term.negated ? Number.POSITIVE_INFINITY : sizeOf(term.leaf);
  const sizes = term.terms.map((one) => atMost(one, sizeOf));
  return term.kind === 'and' ? Math.min(...sizes) : sizes.reduce((sum, size) => sum + size, 0);
}
