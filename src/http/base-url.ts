import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ScimError } from '../protocol/errors.ts';
import { headerLines } from './header-lines.ts';

/** Path of the SCIM endpoints. */
export const SCIM_PATH = '/scim/v2';

// Names, IPv4 and bracketed IPv6, with an optional port: what may stand in a URI that is handed out.
const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Base URI of the SCIM endpoints as the client reaches them, for `meta.location` and `$ref`: the configured one, else the
 * one that the request itself names. Of forwarding headers only
 * the protocol is believed, and only from trusted proxies, since any client can send them.
 */
export function scimBaseUrl(
  request: FastifyRequest,
  publicUrl: string | undefined,
  tenant: string | undefined,
): string {
  return `${serverUrl(request, publicUrl)}${tenant === undefined ? '' : `/t/${tenant}`}${SCIM_PATH}`;
}

/** The same of the server itself: it is what its access tokens call their issuer. */
export function serverUrl(request: FastifyRequest, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${hostOf(request)}`;
}

/**
 * Refuses requests that leave open, or say in no known way, for which host they are (RFC 9112 §3.2): a proxy in front may
 * have read another one than this server would.
 */
export function requireOneHost(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (headerLines(request, 'host') > 1) {
      done(new ScimError(400, 'The request has more than one Host header; send one.'));
      return;
    }
    // HTTP/1.0 has none, which is enough for a probe of /healthz.
    const owed = request.raw.httpVersion !== '1.0';
    if (host === undefined ? owed : host !== '' && !HOST.test(host)) done(noHost());
    else done();
  });
}

function hostOf(request: FastifyRequest): string {
  const host = request.headers.host ?? '';
  if (!HOST.test(host)) throw noHost();
  return host;
}

function noHost(): ScimError {
  return new ScimError(400, 'The Host header is missing or holds no host name; send the name of this server.');
}
