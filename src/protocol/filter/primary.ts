import type { ResolvedAttribute } from '../../schema/registry.ts';
import type { CheckedFilter } from './ast.ts';

type Compare = Extract<CheckedFilter, { kind: 'compare' }>;

/**
 * A comparison within one element, with `primary` that is not specified counted as false (RFC 7643 §2.4): what is false is
 * what is not true.
 */
export function withAssumedPrimary(comparison: Compare): CheckedFilter {
  if (!asksForFalse(comparison)) return comparison;
  const isTrue: Compare = { ...comparison, operator: 'eq', value: true };
  return comparison.operator === 'ne' ? isTrue : { kind: 'not', term: isTrue };
}

/** The same over the values of a resource: `emails.primary eq false` is `emails[not (primary eq true)]`, and `ne` is not that. */
export function withAssumedPrimaryOfAny(comparison: Compare, attribute: ResolvedAttribute): CheckedFilter {
  if (!asksForFalse(comparison)) return comparison;
  const filter = withAssumedPrimary({ ...comparison, operator: 'eq' });
  const some: CheckedFilter = { kind: 'valuePath', path: attribute, filter };
  return comparison.operator === 'ne' ? { kind: 'not', term: some } : some;
}

/** Whether the filter is what `primary eq false` means. */
export function isAssumedPrimary(filter: CheckedFilter): boolean {
  if (filter.kind !== 'not' || filter.term.kind !== 'compare') return false;
  const { path, operator, value } = filter.term;
  return isPrimary(path) && operator === 'eq' && value === true;
}

function asksForFalse({ path, value }: Compare): boolean {
  return value === false && isPrimary(path);
}

function isPrimary({ attribute, sub }: ResolvedAttribute): boolean {
  return attribute.multiValued && sub?.name === 'primary' && sub.type === 'boolean';
}
