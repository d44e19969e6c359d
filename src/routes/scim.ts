import type { FastifyInstance } from 'fastify';
import { SCIM_SURFACE } from '../access/surfaces.ts';
import { playFaults } from '../http/faults.ts';
import { noEndpoint } from '../http/not-found.ts';
import { limitRate } from '../http/rate-limit.ts';
import { enterScim } from '../http/scim-scope.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { bulkRoutes } from './bulk.ts';
import { discoveryRoutes } from './discovery.ts';
import { meRoutes } from './me.ts';
import type { RouteOptions } from './options.ts';
import { resourceRoutes } from './resources.ts';
import { searchRoutes } from './search.ts';

/** Mounts what lies below a SCIM base path. Nothing there is answered without a credential, unknown paths included. */
export async function mountScim(app: FastifyInstance, options: RouteOptions): Promise<void> {
  app.addHook('onRequest', (request) => enterScim(request, options.authenticator, options.publicUrl));
  limitRate(app, options.rateLimiter);
  playFaults(app, options.faultPlayer, SCIM_SURFACE);
  // A handler of its own, so that the hook above runs before it tells that there is no such endpoint.
  app.setNotFoundHandler(noEndpoint);
  await app.register(resourceRoutes('User', USER_TYPE.endpoint), options);
  await app.register(resourceRoutes('Group', GROUP_TYPE.endpoint), options);
  await app.register(searchRoutes, options);
  await app.register(bulkRoutes, options);
  await app.register(discoveryRoutes, options);
  await app.register(meRoutes, options);
}
