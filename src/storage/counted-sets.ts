import { type SQL, sql } from 'drizzle-orm';
import type { FilterScope } from './filter-to-sql.ts';
import { intersectionsOf } from './inclusion.ts';
import { drivenWhere } from './leaf-tests.ts';
import { leavesOf, type Term } from './normal-form.ts';
import type { SizeOf } from './ranks.ts';
import { drivenBy, isEqual, isOfValues } from './value-sets.ts';
import { allOfType, sourceOf } from './walks.ts';

/** What is counted, from where and which: what is sought is once in all of the parts, less what is taken away. */
export interface Counted {
  readonly parts: readonly SQL[];
  /** What the parts have once too often. */
  readonly less?: readonly SQL[];
  /** Where the parts have what is not counted: all that there is. */
  readonly of?: SQL;
}

/** Terms of an `or` beyond which it is counted as a whole: each is counted without all before it. */
export const MOST_PARTS = 8;
/** Leaves beyond which intersections are not counted instead: there would be too many. */
export const MOST_INTERSECTED = 3;

/**
 * What is counted for the filter. Of an `or`, each term without those before it; of what is selected by a negation alone, all
 * without what is not selected. So indexes of values are counted, which have their ids in order, instead of sets that have to
 * be made first. Where much has equal values, only intersections are counted: the index has the ids of both in order, so that
 * PostgreSQL merges them, while of what is in one and not in the other it makes a table of hashes first.
 */
export function countedOf(term: Term | undefined, scope: FilterScope, sizeOf?: SizeOf): Counted {
  if (!term) return { parts: [allOfType(scope)] };
  const intersected = sizeOf && isIntersected(term, scope, sizeOf) ? intersectedOf(term, scope, sizeOf) : undefined;
  if (intersected) return intersected;
  const parts = partsOf(term, scope, sizeOf);
  if (parts) return { parts };
  const missing = partsOf(opposite(term), scope, sizeOf);
  if (missing) return { parts: missing, of: allOfType(scope) };
  const { from, where } = sourceOf(term, scope, sizeOf);
  return { parts: [sql`${from} where ${where}`] };
}

function partsOf(term: Term, scope: FilterScope, sizeOf: SizeOf | undefined): SQL[] | undefined {
  if (term.kind !== 'or') {
    const driven = drivenBy(term, scope, { onlyEqual: false, sizeOf });
    return driven && [sql`attribute_values v where ${drivenWhere(driven, scope, sizeOf)}`];
  }
  if (term.terms.length > MOST_PARTS) return undefined;
  const parts: SQL[] = [];
  for (const [index, one] of term.terms.entries()) {
    const others = term.terms.slice(0, index).map(opposite);
    const part = partsOf(others.length === 0 ? one : { kind: 'and', terms: [one, ...others] }, scope, sizeOf);
    if (!part) return undefined;
    parts.push(...part);
  }
  return parts;
}

/** Whether a few leaves, all of which compare with an equal value, are joined, and one has more than it is counted to. */
function isIntersected(term: Term, scope: FilterScope, sizeOf: SizeOf): boolean {
  const leaves = leavesOf(term);
  return (
    leaves.length <= MOST_INTERSECTED &&
    leaves.every((leaf) => isEqual(leaf) && isOfValues(leaf, scope)) &&
    leaves.some((leaf) => sizeOf(leaf) === Number.POSITIVE_INFINITY)
  );
}

/** The filter as a sum of intersections; undefined where values alone don't tell one. */
function intersectedOf(term: Term, scope: FilterScope, sizeOf: SizeOf): Counted | undefined {
  const parts: SQL[] = [];
  const less: SQL[] = [];
  let isOfAll = false;
  for (const { times, leaves } of intersectionsOf(term)) {
    if (leaves.length === 0) {
      isOfAll = true;
      continue;
    }
    const terms = leaves.map((leaf): Term => ({ kind: 'leaf', leaf, negated: false }));
    const driven = drivenBy({ kind: 'and', terms }, scope, { onlyEqual: true, sizeOf });
    if (!driven) return undefined;
    const set = sql`attribute_values v where ${drivenWhere(driven, scope, sizeOf)}`;
    (times > 0 ? parts : less).push(...Array.from({ length: Math.abs(times) }, () => set));
  }
  return isOfAll ? { parts: less, less: parts, of: allOfType(scope) } : { parts, less };
}

function opposite(term: Term): Term {
  if (term.kind === 'leaf') return { ...term, negated: !term.negated };
  return { kind: term.kind === 'and' ? 'or' : 'and', terms: term.terms.map(opposite) };
}
