import { type SQL, sql } from 'drizzle-orm';
import { leafOf } from '../schema/registry.ts';
import { leafCondition } from './element-to-sql.ts';
import { type FilterScope, isInRow } from './filter-to-sql.ts';
import { isIndexed } from './index-values.ts';
import type { Leaf, Term } from './normal-form.ts';
import { rankOf, type SizeOf, UNRANKED } from './ranks.ts';

/** Whether the leaf is answered by `attribute_values`. */
export function isOfValues({ path }: Leaf, scope: FilterScope): boolean {
  return path.attribute.residence === 'document' && !isInRow(path, scope) && isIndexed(scope.type, path);
}

/** Whether all leaves of the term are. */
export function allOfValues(term: Term, scope: FilterScope): boolean {
  return term.kind === 'leaf' ? isOfValues(term.leaf, scope) : term.terms.every((one) => allOfValues(one, scope));
}

/** A leaf whose rows of `attribute_values` stand for the results, and what else must hold for these. */
export interface Driven {
  readonly leaf: Leaf;
  readonly others: readonly Term[];
}

/**
 * The term as what one of its leaves finds: one that is compared with a value, best an equal one, of an attribute that has
 * one value at most. Where sizes are known it is the one that finds least. Undefined where there is no such leaf.
 */
export function drivenBy(
  term: Term,
  scope: FilterScope,
  { onlyEqual, sizeOf }: { readonly onlyEqual: boolean; readonly sizeOf: SizeOf | undefined },
): Driven | undefined {
  if (term.kind === 'or' || !allOfValues(term, scope)) return undefined;
  const terms = term.kind === 'and' ? flattened(term.terms) : [term];
  let best: { leaf: Leaf; term: Term; rank: number } | undefined;
  for (const one of terms) {
    if (one.kind !== 'leaf' || one.negated || !isSingle(one.leaf)) continue;
    const equal = isEqual(one.leaf);
    if (onlyEqual && !equal) continue;
    const rank = (sizeOf ? rankOf(one, sizeOf) : UNRANKED) + (equal ? 0 : UNRANKED);
    if (!best || rank < best.rank) best = { leaf: one.leaf, term: one, rank };
  }
  return best && { leaf: best.leaf, others: terms.filter((one) => one !== best?.term) };
}

/** The rows of `attribute_values v` that the leaf selects. */
export function ownWhere(leaf: Leaf, { tenantId, type, within }: FilterScope): SQL {
  return leafCondition(leaf, sql.raw('v'), { tenantId, typeName: type.name, within });
}

/** The terms with those that are conjunctions themselves taken apart. */
export function flattened(terms: readonly Term[]): Term[] {
  return terms.flatMap((term) => (term.kind === 'and' ? flattened(term.terms) : [term]));
}

/** Whether the leaf compares with an equal value. */
export function isEqual(leaf: Leaf): boolean {
  return leaf.kind === 'compare' && leaf.operator === 'eq';
}

/** Whether a resource has one row at most that answers the leaf. */
export function isSingle(leaf: Leaf): boolean {
  const { attribute, sub } = leaf.path;
  return (
    leaf.kind !== 'valuePath' && !attribute.multiValued && !sub?.multiValued && leafOf(leaf.path).type !== 'complex'
  );
}
