import { type Static, Type } from '@sinclair/typebox';
import { invalidCount, invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { MAX_PAGE_NUMBER } from '../protocol/paging.ts';
import type { SearchQuery } from '../protocol/search-query.ts';

const once = Type.Optional(Type.String());

/** The parameters of RFC 7644 §3.9; others that a client adds are ignored (§3.4.2). */
export const ProjectionParameters = Type.Object({ attributes: once, excludedAttributes: once });

/** The parameters of a list (RFC 7644 §3.4.2, RFC 9865 §2). Numbers are text here: `searchQueryOf` reads them. */
export const SearchParameters = Type.Object({
  filter: once,
  sortBy: once,
  sortOrder: once,
  startIndex: once,
  count: once,
  cursor: once,
  ...ProjectionParameters.properties,
});

/** The search that the parameters ask for; `takeEmptyParameters` has seen to those without a value. */
export function searchQueryOf(parameters: Static<typeof SearchParameters>): SearchQuery {
  return present({
    filter: parameters.filter,
    filterInUri: parameters.filter === undefined ? undefined : true,
    sortBy: parameters.sortBy,
    sortOrder: parameters.sortOrder,
    startIndex: numberOf('startIndex', parameters.startIndex),
    count: numberOf('count', parameters.count, parameters.cursor === undefined ? invalidParameter : invalidCount),
    cursor: parameters.cursor,
    ...projectionGiven(parameters),
  });
}

/** The part of a resource that the parameters ask for, as `projectionOf` takes it. */
export function projectionGiven(parameters: Static<typeof ProjectionParameters>): {
  attributes?: string;
  excludedAttributes?: string;
} {
  return present({ attributes: parameters.attributes, excludedAttributes: parameters.excludedAttributes });
}

function numberOf(name: string, text: string | undefined, refusal = invalidParameter): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || Math.abs(value) > MAX_PAGE_NUMBER) {
    throw refusal(`The parameter ${name} is "${abridged(text)}"; send a whole number of at most ${MAX_PAGE_NUMBER}.`);
  }
  return value;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends Record<string, unknown>>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}
