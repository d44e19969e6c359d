import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticate.ts';
import type { Principal } from '../access/principal.ts';
import type { Surface } from '../access/schemes.ts';
import { requireScope, type ScopeName } from '../access/scopes.ts';
import { SCIM_SURFACE } from '../access/surfaces.ts';
import type { Scope } from '../directory/context.ts';
import { ScimError } from '../protocol/errors.ts';
import { authenticated } from './authenticate.ts';
import { scimBaseUrl } from './base-url.ts';
import { noteRequest, watchedScope } from './request-log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route changes nothing, so that the scope for reading suffices for it; by its method unless it says so. */
    readsOnly?: boolean;
  }
  interface FastifyRequest {
    /** Whose resources a request works on, once that is known. */
    scope: Scope | undefined;
  }
}

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The scopes that a surface asks for, by what is done there. */
export interface SurfaceScopes {
  readonly read: ScopeName;
  readonly write: ScopeName;
}

const SCIM_SCOPES: SurfaceScopes = { read: 'scim:read', write: 'scim:write' };

/** Decides for a request below the SCIM path whose resources it works on. */
export async function enterScim(
  request: FastifyRequest,
  authenticator: Authenticator,
  publicUrl: string | undefined,
): Promise<void> {
  await enter(request, authenticator, publicUrl, SCIM_SURFACE, SCIM_SCOPES);
}

/**
 * Decides for a request to a surface whose resources it works on: the credential's tenant, which the `/t/{tenant}` in front
 * of the path, where there is one, must name too.
 */
export async function enter(
  request: FastifyRequest,
  authenticator: Authenticator,
  publicUrl: string | undefined,
  surface: Surface,
  scopes: SurfaceScopes,
): Promise<Principal> {
  noteRequest(request);
  const principal = await authenticated(authenticator, request, surface);
  const { tenant, credential, dialect } = principal;
  const named = (request.params as { tenant?: string } | null)?.tenant;
  if (named !== undefined && named !== tenant.slug) {
    // The same words whether or not there is such a tenant: names of tenants are not this client's to learn.
    throw new ScimError(403, 'The credential does not belong to the tenant that the path names.');
  }
  const { readsOnly = READING_METHODS.has(request.method) } = request.routeOptions.config;
  requireScope(credential, readsOnly ? scopes.read : scopes.write, surface);
  request.scope = watchedScope(request, {
    tenantId: tenant.id,
    dialect,
    actor: `credential:${credential.prefix}`,
    requestId: request.id,
    mayActOnOwner: false,
    baseUrl: scimBaseUrl(request, publicUrl, named),
    // Has its place from the start: what is added to the copy of an object takes V8 a microsecond, what is replaced none.
    watch: undefined,
  });
  return principal;
}

/** The scope of a request that went through `enter`. */
export function scopeOf(request: FastifyRequest): Scope {
  if (!request.scope) throw new Error(`${request.method} ${request.routeOptions.url} is served without a scope.`);
  return request.scope;
}
