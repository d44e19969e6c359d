import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticate.ts';
import { needed } from '../access/authorization.ts';
import { unauthorized } from '../access/challenge.ts';
import type { Principal } from '../access/principal.ts';
import type { Surface } from '../access/schemes.ts';
import { requireScope, type ScopeName } from '../access/scopes.ts';
import { ScimError } from '../protocol/errors.ts';
import { serverUrl } from './base-url.ts';
import { headerLines } from './header-lines.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request, once it is known. */
    principal: Principal | undefined;
  }
}

/** Finds out who makes the request and notes it there; throws 401, and what the surface refuses the tenant with. */
export async function authenticated(
  authenticator: Authenticator,
  request: FastifyRequest,
  surface: Surface,
): Promise<Principal> {
  // Node keeps the first of several Authorization headers and drops the others; a proxy may have done the reverse.
  if (headerLines(request, 'authorization') > 1) {
    throw unauthorized(surface, `The request has more than one Authorization header; ${needed(surface)}`);
  }
  const origin = () => serverUrl(request, undefined);
  try {
    const { headers, ip } = request;
    const principal = await authenticator.authenticate(headers.authorization, surface, ip, origin);
    request.principal = principal;
    return principal;
  } catch (error) {
    if (error instanceof ScimError && error.cause instanceof Error) request.log.warn(error.cause.message);
    throw error;
  }
}

/** Finds out who makes the request and refuses with 403 unless the credential has the scope. */
export async function authorized(
  authenticator: Authenticator,
  request: FastifyRequest,
  surface: Surface,
  scope: ScopeName,
): Promise<Principal> {
  const principal = await authenticated(authenticator, request, surface);
  requireScope(principal.credential, scope, surface);
  return principal;
}
