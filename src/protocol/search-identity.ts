import type { ParsedFilter } from './filter/ast.ts';
import { type FilterLeniencies, parseFilter } from './filter/parse.ts';
import { printFilter } from './filter/print.ts';
import type { SearchQuery } from './search-query.ts';

/**
 * A text that is the same for two searches exactly when they ask the same, but for the page: RFC 9865 §2 wants the pages of
 * a walk to be asked for with identical parameters. Letter case of names and spaces between words make no difference.
 */
export function searchIdentity(query: SearchQuery, leniencies: FilterLeniencies): string {
  const { filter, sortBy, sortOrder = 'ascending', attributes, excludedAttributes } = query;
  return JSON.stringify([
    filter === undefined ? null : printFilter(lowerCased(parseFilter(filter, leniencies))),
    sortBy === undefined ? null : [sortBy.toLowerCase(), sortOrder.toLowerCase()],
    namesIn(attributes),
    namesIn(excludedAttributes),
  ]);
}

/** The filter with its paths in lower case; names compare without regard to case (RFC 7643 §2.1). */
function lowerCased(filter: ParsedFilter): ParsedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map(lowerCased) };
    case 'not':
      return { kind: 'not', term: lowerCased(filter.term) };
    case 'valuePath':
      return { kind: 'valuePath', path: filter.path.toLowerCase(), filter: lowerCased(filter.filter) };
    default:
      return { ...filter, path: filter.path.toLowerCase() };
  }
}

function namesIn(list: string | undefined): string[] {
  const names = (list ?? '').split(',').map((name) => name.trim().toLowerCase());
  return [...new Set(names)].filter((name) => name !== '').sort();
}
