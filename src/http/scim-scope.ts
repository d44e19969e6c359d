import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Authenticator, CREDENTIAL_CACHE_SECONDS } from '../access/authenticate.ts';
import type { Principal } from '../access/principal.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import type { Surface } from '../access/schemes.ts';
import { requireScope, type ScopeName } from '../access/scopes.ts';
import type { Scope } from '../directory/context.ts';
import { ScimError } from '../protocol/errors.ts';
import { authenticated } from './authenticate.ts';
import { scimBaseUrl } from './base-url.ts';
import { limitRate } from './rate-limit.ts';
import { noteRequest, watchedScope } from './request-log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route changes nothing, so that the scope for reading suffices for it; by its method unless it says so. */
    readsOnly?: boolean;
  }
  interface FastifyRequest {
    /** Whose resources a request works on, once that is known. */
    scope: Scope | undefined;
    /** When that was decided, on the clock of the process. */
    enteredAt: number;
  }
}

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The scopes that a surface asks for, by what is done there. */
export interface SurfaceScopes {
  readonly read: ScopeName;
  readonly write: ScopeName;
}

/** What a surface asks of those who call it. */
export interface Door {
  readonly surface: Surface;
  readonly scopes: SurfaceScopes;
  /** Throws when a credential of the surface may not enter. */
  readonly admitsKey?: (principal: Principal) => void;
  /** What requests work on there; left out: what they do by SCIM. */
  readonly narrowed?: (scope: Scope) => Scope;
}

/** What doors are kept with. */
interface Keeping {
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly publicUrl?: string;
}

/**
 * Puts the door of a surface before all that is mounted on the app: who makes the request, whether it is one too many, and
 * only then whether it may be made, since those that may not be made count as well.
 */
export function guard(app: FastifyInstance, keeping: Keeping, door: Door): void {
  app.addHook('onRequest', async (request) => {
    noteRequest(request);
    await authenticated(keeping.authenticator, request, door.surface);
  });
  limitRate(app, keeping.rateLimiter);
  app.addHook('onRequest', (request, _reply, done) => {
    enter(request, keeping.publicUrl, door);
    request.enteredAt = performance.now();
    done();
  });
  // When a body has taken long to come, who may enter and what the tenant has are asked anew: no cache is as old as that.
  app.addHook('preValidation', (request, _reply, done) => {
    if (performance.now() - request.enteredAt < CREDENTIAL_CACHE_SECONDS * 1000) {
      done();
      return;
    }
    authenticated(keeping.authenticator, request, door.surface)
      .then(() => enter(request, keeping.publicUrl, door))
      .then(() => done(), done);
  });
}

/**
 * Decides for a request whose resources it works on: the credential's tenant, which the `/t/{tenant}` in front of the path,
 * where there is one, must name too.
 */
function enter(
  request: FastifyRequest,
  publicUrl: string | undefined,
  { surface, scopes, admitsKey, narrowed }: Door,
): void {
  const { principal } = request;
  if (!principal) throw new Error(`${request.method} ${request.routeOptions.url} is served to nobody.`);
  const { tenant, credential, dialect } = principal;
  const named = (request.params as { tenant?: string } | null)?.tenant;
  if (named !== undefined && named !== tenant.slug) {
    // The same words whether or not there is such a tenant: names of tenants are not this client's to learn.
    throw new ScimError(403, 'The credential does not belong to the tenant that the path names.');
  }
  const { readsOnly = READING_METHODS.has(request.method) } = request.routeOptions.config;
  requireScope(credential, readsOnly ? scopes.read : scopes.write, surface);
  admitsKey?.(principal);
  const scope = watchedScope(request, {
    tenantId: tenant.id,
    dialect,
    actor: `credential:${credential.prefix}`,
    requestId: request.id,
    mayActOnOwner: false,
    baseUrl: scimBaseUrl(request, publicUrl, named),
    // Has its place from the start: what is added to the copy of an object takes V8 a microsecond, what is replaced none.
    watch: undefined,
  });
  request.scope = narrowed ? narrowed(scope) : scope;
}

/** The scope of a request that came through a door. */
export function scopeOf(request: FastifyRequest): Scope {
  if (!request.scope) throw new Error(`${request.method} ${request.routeOptions.url} is served without a scope.`);
  return request.scope;
}
