import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticate.ts';
import { requireScope } from '../access/scopes.ts';
import { SCIM_SURFACE } from '../access/surfaces.ts';
import type { Scope } from '../directory/context.ts';
import { ScimError } from '../protocol/errors.ts';
import { authenticated } from './authenticate.ts';
import { scimBaseUrl } from './base-url.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route changes nothing, so that `scim:read` suffices for it; by its method unless it says so. */
    readsOnly?: boolean;
  }
  interface FastifyRequest {
    /** Whose resources a SCIM request works on, once that is known. */
    scope: Scope | undefined;
  }
}

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Decides for a request below the SCIM path whose resources it works on: the credential's tenant, which the `/t/{tenant}`
 * in front of the path, where there is one, must name too.
 */
export async function enterScim(
  request: FastifyRequest,
  authenticator: Authenticator,
  publicUrl: string | undefined,
): Promise<void> {
  const { tenant, credential, dialect } = await authenticated(authenticator, request, SCIM_SURFACE);
  const named = (request.params as { tenant?: string } | null)?.tenant;
  if (named !== undefined && named !== tenant.slug) {
    // The same words whether or not there is such a tenant: names of tenants are not this client's to learn.
    throw new ScimError(403, 'The credential does not belong to the tenant that the path names.');
  }
  const { readsOnly = READING_METHODS.has(request.method) } = request.routeOptions.config;
  requireScope(credential, readsOnly ? 'scim:read' : 'scim:write', SCIM_SURFACE);
  request.scope = {
    tenantId: tenant.id,
    dialect,
    actor: `credential:${credential.prefix}`,
    mayActOnOwner: false,
    baseUrl: scimBaseUrl(request, publicUrl, named),
  };
}

/** The scope of a request that went through `enterScim`. */
export function scopeOf(request: FastifyRequest): Scope {
  if (!request.scope) throw new Error(`${request.method} ${request.routeOptions.url} is served without a scope.`);
  return request.scope;
}
