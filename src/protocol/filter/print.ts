import { jsonTextOf } from '../../schema/json-text.ts';
import type { FilterValue, ParsedFilter } from './ast.ts';

/** The filter as text of RFC 7644 §3.4.2.2, with parentheses only where precedence needs them; parsing it gives it back. */
export function printFilter(filter: ParsedFilter): string {
  switch (filter.kind) {
    case 'or':
      return filter.terms
        .map((term) => (term.kind === 'or' ? `(${printFilter(term)})` : printFilter(term)))
        .join(' or ');
    case 'and':
      return filter.terms
        .map((term) => (term.kind === 'or' || term.kind === 'and' ? `(${printFilter(term)})` : printFilter(term)))
        .join(' and ');
    case 'not':
      return `not (${printFilter(filter.term)})`;
    case 'present':
      return `${filter.path} pr`;
    case 'compare':
      return `${filter.path} ${filter.operator} ${printValue(filter.value)}`;
    case 'valuePath':
      return `${filter.path}[${printFilter(filter.filter)}]`;
  }
}

function printValue(value: FilterValue): string {
  return jsonTextOf(value);
}
