import type { FastifyPluginAsync } from 'fastify';
import { SCIM_PATH } from '../http/base-url.ts';
import { adminRoutes } from './admin/index.ts';
import { documentationRoutes } from './documentation.ts';
import { healthRoutes } from './health.ts';
import { oauthRoutes } from './oauth.ts';
import type { RouteOptions } from './options.ts';
import { mountScim } from './scim.ts';
import { vendorRoutes } from './vendors/index.ts';

/** Everything that the server answers to. */
export const routes: FastifyPluginAsync<RouteOptions> = async (app, options) => {
  await app.register(healthRoutes, options);
  await app.register(documentationRoutes);
  await app.register(oauthRoutes, options);
  await app.register((below) => mountScim(below, options), { prefix: SCIM_PATH });
  await app.register((below) => mountScim(below, options), { prefix: `/t/:tenant${SCIM_PATH}` });
  await app.register(vendorRoutes, options);
  await app.register((below) => vendorRoutes(below, options), { prefix: '/t/:tenant' });
  await app.register(adminRoutes, options);
};
