import type { CheckedFilter } from '../protocol/filter/ast.ts';
import { normalForm, type Term } from './normal-form.ts';

/**
 * Whether the filter may look at everything there is. It does not where one of the terms that `and` joins, or all that `or`
 * joins, are looked up in an index and find little: a value that is given whole or by its beginning.
 */
export function scans(filter: CheckedFilter): boolean {
  return !isNarrow(normalForm(filter));
}

/** Whether all that the term selects is looked up in an index, and is little. */
export function isNarrow(term: Term): boolean {
  if (term.kind === 'and') return term.terms.some(isNarrow);
  if (term.kind === 'or') return term.terms.every(isNarrow);
  const { leaf, negated } = term;
  if (negated || leaf.kind === 'present') return false;
  if (leaf.kind === 'valuePath') return isNarrow(normalForm(leaf.filter));
  // Half of everything is `true`, and half is `false`.
  if (typeof leaf.value === 'boolean') return false;
  return leaf.operator === 'eq' || (leaf.operator === 'sw' && leaf.value !== '');
}
