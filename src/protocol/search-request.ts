import type { JsonObject, JsonValue } from '../schema/json.ts';
import { SEARCH_REQUEST } from '../schema/urns.ts';
import { invalidCount, invalidParameter, invalidSyntax } from './errors.ts';
import { kindOf, wholeNumberIn } from './json.ts';
import { memberNamed, messageOf } from './message.ts';
import { MAX_PAGE_NUMBER } from './paging.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';
import type { SearchQuery } from './search-query.ts';

/**
 * The search that a SearchRequest message asks for (RFC 7644 §3.4.3). Names of its members may be in any letter case,
 * null is the same as absent, and members that are not defined are ignored, as are parameters of that kind (§3.4.2).
 */
export function readSearchRequest(body: JsonValue, quirks: QuirkSet): SearchQuery {
  const message = messageOf(body, SEARCH_REQUEST, quirks);
  const query = {
    filter: textOf(message, 'filter'),
    sortBy: nameOf(message, 'sortBy', quirks),
    sortOrder: nameOf(message, 'sortOrder', quirks),
    startIndex: numberOf(message, 'startIndex'),
    count: numberOf(message, 'count', memberNamed(message, 'cursor') === undefined ? invalidParameter : invalidCount),
    cursor: textOf(message, 'cursor'),
    attributes: listOf(message, 'attributes', quirks)?.join(',') || undefined,
    excludedAttributes: listOf(message, 'excludedAttributes', quirks)?.join(',') || undefined,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as SearchQuery;
}

function textOf(message: JsonObject, name: string): string | undefined {
  const value = memberNamed(message, name);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidSyntax(`${name} must be a string, or left out; got ${kindOf(value)}.`);
}

/** A text that says nothing when it is empty. */
function nameOf(message: JsonObject, name: string, quirks: QuirkSet): string | undefined {
  const text = textOf(message, name);
  if (text !== '') return text;
  if (takes(quirks, 'emptyStringIsNull', name)) return undefined;
  throw invalidParameter(`${name} is empty; send a value, or leave it out.`);
}

function numberOf(message: JsonObject, name: string, refusal = invalidParameter): number | undefined {
  const value = memberNamed(message, name);
  if (value === undefined) return undefined;
  const number = wholeNumberIn(value);
  if (number === undefined) {
    throw invalidSyntax(`${name} must be a whole number, without quotes; got ${kindOf(value)}.`);
  }
  if (Math.abs(number) > MAX_PAGE_NUMBER) {
    throw refusal(`${name} is ${kindOf(value)}; send a whole number of at most ${MAX_PAGE_NUMBER}.`);
  }
  return number;
}

function listOf(message: JsonObject, name: string, quirks: QuirkSet): string[] | undefined {
  const value = memberNamed(message, name);
  if (value === undefined) return undefined;
  const list = typeof value === 'string' && takes(quirks, 'objectForMany', name) ? [value] : value;
  if (!Array.isArray(list)) throw invalidSyntax(`${name} must be an array of strings; got ${kindOf(value)}.`);
  return list.map((element) => {
    if (typeof element === 'string') return element;
    throw invalidSyntax(`${name} must be an array of strings, but holds ${kindOf(element)}.`);
  });
}
