import type { FastifyRequest } from 'fastify';
import { ScimError } from '../protocol/errors.ts';

/** Path of the SCIM endpoints. */
export const SCIM_PATH = '/scim/v2';

// Names, IPv4 and bracketed IPv6, with an optional port: what may stand in a URI that is handed out.
const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Base URI of the SCIM endpoints as the client reaches them, for `meta.location` and `$ref`: the configured one, else the
 * one that the request itself names. Forwarded-* headers are not believed, since any client can send them.
 */
export function scimBaseUrl(
  request: FastifyRequest,
  publicUrl: string | undefined,
  tenant: string | undefined,
): string {
  const origin = publicUrl ?? `${request.protocol}://${hostOf(request)}`;
  return `${origin}${tenant === undefined ? '' : `/t/${tenant}`}${SCIM_PATH}`;
}

function hostOf(request: FastifyRequest): string {
  const host = request.headers.host ?? '';
  if (!HOST.test(host)) {
    throw new ScimError(400, 'The Host header is missing or holds no host name; send the name of this server.');
  }
  return host;
}
