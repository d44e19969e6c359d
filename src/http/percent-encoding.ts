import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidCount, invalidCursor, invalidFilter, invalidParameter, type ScimError } from '../protocol/errors.ts';
import { declaredParameters } from './declared-parameters.ts';

/**
 * Refuses parameters that are not percent-encoded UTF-8 (RFC 3986 §2.5). The framework hands them on as they came: they
 * would name nothing, and a list of attributes to leave out that names nothing shows them all. Only those that the route
 * declares: of others RFC 7644 §3.4.2 says to ignore them.
 */
export function requirePercentEncoding(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  // Most requests have none.
  done(request.url.includes('%') ? encodingError(request, declaredParameters(request)) : undefined);
}

/** The error of the first of these parameters that was sent and is not percent-encoded UTF-8, if there is one. */
export function encodingError(request: FastifyRequest, names: readonly string[]): ScimError | undefined {
  const query = request.query as Readonly<Record<string, unknown>>;
  // What can't be decoded still has its percent sign, so that hardly any request is looked at twice. One that was sent
  // twice is refused as such.
  const suspects = names.filter((name) => {
    const value = query[name];
    return typeof value === 'string' && value.includes('%');
  });
  const name = suspects.length > 0 ? brokenOf(suspects, request.url) : undefined;
  if (name === undefined) return undefined;
  const refusal = refusalOf(name, query);
  return refusal(
    `The parameter ${name} has a percent sign that begins no percent-encoded UTF-8; ` +
      'encode the value as UTF-8, a literal percent sign as %25.',
  );
}

/** The first of these parameters whose value in the URL can't be decoded. */
function brokenOf(names: readonly string[], url: string): string | undefined {
  // The router begins the query at a `#` too, though clients keep fragments to themselves (RFC 3986 §3.5).
  const pairs = url.slice(url.search(/[?#]/) + 1).split('&');
  for (const pair of pairs) {
    const [sent = ''] = pair.split('=', 1);
    const name = sent.includes('%') ? leniently(sent) : sent;
    if (names.includes(name) && !isDecodable(pair.slice(sent.length + 1))) return name;
  }
  return undefined;
}

/** The text decoded without an error to throw: a URL has room for so many broken names that throwing takes long. */
function leniently(text: string): string {
  return new URLSearchParams(`=${text}`).get('') ?? '';
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What a value of that parameter that can't be used is called by RFC 7644 §3.12 and RFC 9865 §2.1. */
function refusalOf(name: string, query: Readonly<Record<string, unknown>>): (detail: string) => ScimError {
  if (name === 'filter') return invalidFilter;
  if (name === 'cursor') return invalidCursor;
  return name === 'count' && query.cursor !== undefined ? invalidCount : invalidParameter;
}
