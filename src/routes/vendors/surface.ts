import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Surface } from '../../access/schemes.ts';
import { type Scope, withProfile } from '../../directory/context.ts';
import { sendError } from '../../http/errors.ts';
import { playFaults } from '../../http/faults.ts';
import { noEndpointOf } from '../../http/not-found.ts';
import { type Door, guard, scopeOf } from '../../http/scim-scope.ts';
import { type CredentialScheme, type Profile, REST_SURFACES, type RestSurface } from '../../profiles/profile.ts';
import { notFound } from '../../protocol/errors.ts';
import { type Projection, projectionOf } from '../../protocol/projection.ts';
import { NO_QUIRKS } from '../../protocol/quirks/quirks.ts';
import { typeNamed } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { USER_TYPE } from '../../schema/resource-types.ts';
import type { RouteOptions } from '../options.ts';

/** How many users a page has when nobody says how many, and at most. */
export type Paging = Profile['paging'];

/** What a REST surface asks of those who call it. */
export interface RestDoor extends Pick<Door, 'scopes' | 'admitsKey'> {
  readonly name: RestSurface;
  readonly scheme: CredentialScheme;
  readonly paging: Paging;
  /** Where the endpoints are, for requests that meet none. */
  readonly hint: string;
}

/**
 * Puts the door of a REST surface before everything below a path, unknown paths included. The documents describe no body of
 * errors: it is that of SCIM, as plain JSON, so that there is one shape in all of the server.
 */
export function mountDoor(app: FastifyInstance, options: RouteOptions, door: RestDoor): void {
  const surface = surfaceOf(door);
  guard(app, options, { ...door, surface, narrowed: (scope) => restScope(scope, door.paging) });
  playFaults(app, options.faultPlayer, surface);
  app.setNotFoundHandler(noEndpointOf(door.hint));
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, 'application/json'));
}

/** The users that a request to a REST surface works on, and how they are read. */
export function usersOf(request: FastifyRequest): {
  readonly scope: Scope;
  readonly type: ResourceTypeDefinition;
  readonly projection: Projection;
} {
  const scope = scopeOf(request);
  const type = typeNamed(scope.dialect.registry, USER_TYPE.name);
  if (!type) throw notFound(`This tenant has no resource type ${USER_TYPE.name}.`);
  return { scope, type, projection: projectionOf(type, WITHOUT_GROUPS) };
}

/** What is read of users: no view of them shows their groups, which are the costly part. */
export const WITHOUT_GROUPS = { excludedAttributes: 'groups' };

function surfaceOf({ name, scheme }: RestDoor): Surface {
  return {
    scheme,
    realm: 'REST',
    admits: ({ dialect: { profile } }) => {
      if (profile.rest === name) return;
      const instead =
        profile.rest === null
          ? 'has no REST API'
          : `has another REST API, which begins at ${REST_SURFACES[profile.rest]}`;
      throw notFound(`The profile ${profile.name} ${instead}.`);
    },
  };
}

/** Paths hold ids alone, and what clients of SCIM are forgiven has no meaning here. */
function restScope(scope: Scope, paging: Paging): Scope {
  // The tenant's own most is smaller where faults make it so.
  const { maxCount } = scope.dialect.profile.paging;
  const own = withProfile(scope, {
    addressBy: 'id',
    paging: {
      defaultCount: Math.min(paging.defaultCount, maxCount),
      maxCount: Math.min(paging.maxCount, maxCount),
    },
  });
  return { ...own, dialect: { ...own.dialect, quirks: NO_QUIRKS } };
}
