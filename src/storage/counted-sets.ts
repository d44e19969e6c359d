import { type SQL, sql } from 'drizzle-orm';
import type { FilterScope } from './filter-to-sql.ts';
import type { SizeOf } from './leaf-tests.ts';
import type { Term } from './normal-form.ts';
import { drivenBy, drivenWhere } from './value-sets.ts';
import { allOfType, sourceOf } from './walks.ts';

/** What is counted, from where and which: no part has what another has. */
export interface Counted {
  readonly parts: readonly SQL[];
  /** Where the parts have what is not counted: all that there is. */
  readonly of?: SQL;
}

/** Terms of an `or` beyond which it is counted as a whole: each is counted without all before it. */
export const MOST_PARTS = 8;

/**
 * What is counted for the filter. Of an `or`, each term without those before it; of what is selected by a negation alone, all
 * without what is not selected. So indexes of values are counted, which have their ids in order, instead of sets that have to
 * be made first.
 */
export function countedOf(term: Term | undefined, scope: FilterScope, sizeOf?: SizeOf): Counted {
  if (!term) return { parts: [allOfType(scope)] };
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
    return driven && [sql`attribute_values v where ${drivenWhere(driven, scope)}`];
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

function opposite(term: Term): Term {
  if (term.kind === 'leaf') return { ...term, negated: !term.negated };
  return { kind: term.kind === 'and' ? 'or' : 'and', terms: term.terms.map(opposite) };
}
