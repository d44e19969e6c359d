import { type Leaf, leavesOf, type Term } from './normal-form.ts';

/** Resources for which all of these leaves hold, counted so many times: less than no time where they are taken away. */
export interface Intersection {
  readonly times: number;
  readonly leaves: readonly Leaf[];
}

/**
 * How many the term selects, as a sum of intersections of its leaves: of `a or b` a and b without what is in both, of
 * `a and not b` a without that. The intersection of no leaves is all there is. Of n leaves there may be 2^n of these.
 */
export function intersectionsOf(term: Term): readonly Intersection[] {
  const leaves = leavesOf(term);
  return [...sumOf(term, leaves)].map(([mask, times]) => ({
    times,
    leaves: leaves.filter((_, index) => mask & (1 << index)),
  }));
}

/** How many times an intersection is counted, by its leaves, each of which is a bit. */
type Sum = ReadonlyMap<number, number>;

const ALL: Sum = new Map([[0, 1]]);

function sumOf(term: Term, leaves: readonly Leaf[]): Sum {
  if (term.kind === 'leaf') {
    const one: Sum = new Map([[1 << leaves.indexOf(term.leaf), 1]]);
    return term.negated ? without(one) : one;
  }
  const sums = term.terms.map((one) => sumOf(one, leaves));
  if (term.kind === 'and') return sums.reduce(both, ALL);
  // All but those for which none holds.
  return without(sums.map(without).reduce(both, ALL));
}

function both(a: Sum, b: Sum): Sum {
  const product = new Map<number, number>();
  for (const [left, n] of a) for (const [right, m] of b) add(product, left | right, n * m);
  return product;
}

function without(sum: Sum): Sum {
  const rest = new Map(ALL);
  for (const [mask, n] of sum) add(rest, mask, -n);
  return rest;
}

function add(sum: Map<number, number>, mask: number, n: number): void {
  const added = (sum.get(mask) ?? 0) + n;
  if (added === 0) sum.delete(mask);
  else sum.set(mask, added);
}
