import { type Filter as LibraryFilter, parse } from 'scim2-parse-filter';
import { invalidFilter } from '../errors.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import type { ParsedFilter } from './ast.ts';
import { type Canonical, canonicalFilter, canonicalValueFilter } from './canonical.ts';
import { Cursor } from './cursor.ts';
import { MAX_FILTER_LENGTH } from './limits.ts';
import type { LiteralLeniencies } from './literal.ts';

/** What a filter may deviate from the grammar of RFC 7644 §3.4.2.2. */
export interface FilterLeniencies extends LiteralLeniencies {}

/** The leniencies that the tolerances in force ask for. */
export function filterLeniencies(quirks: QuirkSet): FilterLeniencies {
  return {
    unquotedValues: quirks.has('unquotedFilterValue'),
    keywordCase: quirks.has('filterKeywordCase'),
    rawBackslash: quirks.has('rawBackslash'),
    took: quirks.took,
  };
}

/** The filter that the text says; anything else than a filter of RFC 7644 §3.4.2.2 is `invalidFilter`. */
export function parseFilter(text: string, leniencies: FilterLeniencies): ParsedFilter {
  if (text.length > MAX_FILTER_LENGTH) {
    throw invalidFilter(`The filter has ${text.length} characters; at most ${MAX_FILTER_LENGTH} are read.`);
  }
  return grouped(canonicalFilter(new Cursor(text, 'filter'), leniencies));
}

/** The value filter at the cursor, which stands behind its opening bracket; afterwards it stands behind the closing one. */
export function parseValueFilter(cursor: Cursor, leniencies: FilterLeniencies): ParsedFilter {
  return grouped(canonicalValueFilter(cursor, leniencies));
}

// The library decides precedence and grouping; it sees canonical text only, because its tokenizer is not safe with any other.
function grouped({ text, paths, values }: Canonical): ParsedFilter {
  const path = (name: string) => paths[Number(name.slice(1))] ?? '';
  const lowered = (filter: LibraryFilter): ParsedFilter => {
    switch (filter.op) {
      case 'and':
      case 'or': {
        const kind = filter.op;
        // A chain is one node however it was grouped, so that equal filters have equal trees.
        const terms = filter.filters.map(lowered).flatMap((term) => (term.kind === kind ? term.terms : [term]));
        return { kind, terms };
      }
      case 'not':
        return { kind: 'not', term: lowered(filter.filter) };
      case '[]':
        return { kind: 'valuePath', path: path(filter.attrPath), filter: lowered(filter.valFilter) };
      case 'pr':
        return { kind: 'present', path: path(filter.attrPath) };
      default:
        return {
          kind: 'compare',
          path: path(filter.attrPath),
          operator: filter.op,
          value: values[Number(filter.compValue)] ?? null,
        };
    }
  };
  return lowered(parse(text));
}
