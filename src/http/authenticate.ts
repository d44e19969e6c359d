import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticate.ts';
import { unauthorized } from '../access/challenge.ts';
import type { Principal } from '../access/principal.ts';
import { requireScope, type ScopeName } from '../access/scopes.ts';
import { headerLines } from './header-lines.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request, once it is known. */
    principal: Principal | undefined;
  }
}

/** Finds out who makes the request and notes it there; throws 401. */
export async function authenticated(authenticator: Authenticator, request: FastifyRequest): Promise<Principal> {
  // Node keeps the first of several Authorization headers and drops the others; a proxy may have done the reverse.
  if (headerLines(request, 'authorization') > 1) {
    throw unauthorized('The request has more than one Authorization header; send one, with "Bearer <token>".');
  }
  const principal = await authenticator.authenticate(request.headers.authorization);
  request.principal = principal;
  return principal;
}

/** Finds out who makes the request and refuses with 403 unless the credential has the scope. */
export async function authorized(
  authenticator: Authenticator,
  request: FastifyRequest,
  scope: ScopeName,
): Promise<Principal> {
  const principal = await authenticated(authenticator, request);
  requireScope(principal.credential, scope);
  return principal;
}
