import type { FastifyInstance } from 'fastify';
import { SCIM_SURFACE } from '../access/surfaces.ts';
import { takeEmptyParameters } from '../http/empty-parameters.ts';
import { playFaults } from '../http/faults.ts';
import { noEndpoint, requireFeature } from '../http/not-found.ts';
import { requirePercentEncoding } from '../http/percent-encoding.ts';
import { guard, type SurfaceScopes } from '../http/scim-scope.ts';
import { ENTITLEMENT_TYPE, ROLE_TYPE } from '../schema/roles-and-entitlements.ts';
import { bulkRoutes } from './bulk.ts';
import { discoveryRoutes } from './discovery.ts';
import { groupMembershipRoutes } from './group-memberships.ts';
import { meRoutes } from './me.ts';
import type { RouteOptions } from './options.ts';
import { resourceRoutes } from './resources.ts';
import { roleRoutes } from './roles.ts';
import { searchRoutes } from './search.ts';

const SCIM_SCOPES: SurfaceScopes = { read: 'scim:read', write: 'scim:write' };

/** Mounts what lies below a SCIM base path. Nothing there is answered without a credential, unknown paths included. */
export async function mountScim(app: FastifyInstance, options: RouteOptions): Promise<void> {
  guard(app, options, { surface: SCIM_SURFACE, scopes: SCIM_SCOPES });
  playFaults(app, options.faultPlayer, SCIM_SURFACE);
  app.addHook('onRequest', requireFeature);
  app.addHook('preValidation', takeEmptyParameters);
  app.addHook('preValidation', requirePercentEncoding);
  // A handler of its own, so that the hooks above run before it tells that there is no such endpoint.
  app.setNotFoundHandler(noEndpoint);
  await app.register(resourceRoutes, options);
  await app.register(groupMembershipRoutes, options);
  await app.register(roleRoutes(ROLE_TYPE), options);
  await app.register(roleRoutes(ENTITLEMENT_TYPE), options);
  await app.register(searchRoutes, options);
  await app.register(bulkRoutes, options);
  await app.register(discoveryRoutes, options);
  await app.register(meRoutes, options);
}
