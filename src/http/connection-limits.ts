import type { FastifyInstance } from 'fastify';
import { ScimError } from '../protocol/errors.ts';

/** Most bytes of URL, and names and values of headers; Node's own 16 KiB would cut filters that are within our limit. */
export const MAX_HEADER_BYTES = 96 * 1024;
/** Most header lines of a request. Node would drop what is over a limit of its own, `If-Match` among it. */
export const MAX_HEADERS = 100;
/** Longest path and query, as sent: room for the longest filter, percent-encoded in any script. */
export const MAX_URL_LENGTH = 80 * 1024;
/** Longest part of a path, percent-encoded: room for the longest externalId in any script. */
export const MAX_PATH_PART_LENGTH = 8192;
/** Most connections that are open at a time; one more is closed at once. */
export const MAX_CONNECTIONS = 10_000;
/** Time for the headers of a request to arrive. */
export const HEADERS_TIMEOUT_MS = 30_000;
/** Time for a request to arrive whole: ten megabytes over a slow line, but not a connection held open for ever. */
export const REQUEST_TIMEOUT_MS = 120_000;
/** Time that a connection may lie still while a request is under way, as when a client does not read its answer. */
export const STALL_TIMEOUT_MS = 300_000;
/** Time that a connection stays open for a next request: longer than the minute after which balancers give theirs up. */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** How long a connection may take over what. */
export interface Timeouts {
  readonly headers: number;
  readonly request: number;
  readonly stall: number;
  readonly keepAlive: number;
}

/** The times that a server gives its clients, in milliseconds. */
export const TIMEOUTS: Timeouts = {
  headers: HEADERS_TIMEOUT_MS,
  request: REQUEST_TIMEOUT_MS,
  stall: STALL_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_TIMEOUT_MS,
};

/** Node looks for requests that are late this often; half a minute, its default, would double the limits. */
const LOOKS_PER_TIMEOUT = 6;

/** The options that hold a server to these times, and to the size of headers. */
export function connectionOptions(timeouts: Timeouts) {
  return {
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.stall,
    keepAliveTimeout: timeouts.keepAlive,
    http: {
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: Math.ceil(timeouts.headers / LOOKS_PER_TIMEOUT),
      // Node refuses what reaches it.
      maxHeaderSize: MAX_HEADER_BYTES + 1,
      // Node's own answer to a request without Host has no body; ours says what is missing.
      requireHostHeader: false,
    },
  };
}

/** Holds the app to its number of connections, and its requests to the length of their URL and the number of headers. */
export function limitConnections(app: FastifyInstance): void {
  app.server.maxConnections = MAX_CONNECTIONS;
  // All of them reach the hook, which refuses what is too much instead of dropping it.
  app.server.maxHeadersCount = 0;
  app.addHook('onRequest', (request, _reply, done) => {
    const { rawHeaders, url = '' } = request.raw;
    if (url.length > MAX_URL_LENGTH) done(longUrl(url.length));
    else if (rawHeaders.length > 2 * MAX_HEADERS) done(manyHeaders(rawHeaders.length / 2));
    else done();
  });
}

function longUrl(length: number): ScimError {
  return new ScimError(
    414,
    `The URL has ${length} characters; at most ${MAX_URL_LENGTH} are taken. Send a search as a message, by POST to /.search.`,
  );
}

function manyHeaders(count: number): ScimError {
  return new ScimError(431, `The request has ${count} headers; send at most ${MAX_HEADERS}.`);
}
