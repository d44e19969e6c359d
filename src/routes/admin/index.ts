import type { FastifyPluginAsync } from 'fastify';
import { ADMIN_SURFACE } from '../../access/surfaces.ts';
import { authorized } from '../../http/authenticate.ts';
import { onlyDeclaredParameters } from '../../http/declared-parameters.ts';
import { sendError } from '../../http/errors.ts';
import { noEndpoint } from '../../http/not-found.ts';
import { requirePercentEncoding } from '../../http/percent-encoding.ts';
import { ScimError } from '../../protocol/errors.ts';
import type { RouteOptions } from '../options.ts';
import { clientRoutes } from './clients.ts';
import { eventRoutes } from './events.ts';
import { faultRoutes } from './faults.ts';
import { featureRoutes } from './features.ts';
import { issuerRoutes } from './issuers.ts';
import { metricsRoutes } from './metrics.ts';
import { requestLogRoutes } from './request-log.ts';
import { resourceTypeRoutes } from './resource-types.ts';
import { roleRoutes } from './roles.ts';
import { schemaRoutes } from './schemas.ts';
import { signingKeyRoutes } from './signing-keys.ts';
import { taskRoutes } from './tasks.ts';
import { tenantRoutes } from './tenants.ts';
import { tokenRoutes } from './tokens.ts';
import { transferRoutes } from './transfer.ts';

/**
 * The admin API: what the commands of `rollcall` do, over HTTP, for credentials with the scope `admin`. Nothing below
 * /admin is answered without one, unknown paths included.
 */
export const adminRoutes: FastifyPluginAsync<RouteOptions> = async (app, options) => {
  await app.register(
    async (below) => {
      below.addHook('onRequest', async (request) => {
        await authorized(options.authenticator, request, ADMIN_SURFACE, 'admin');
      });
      onlyDeclaredParameters(below);
      below.addHook('preValidation', requirePercentEncoding);
      below.setNotFoundHandler(noEndpoint);
      below.setErrorHandler((error, request, reply) => sendError(withoutDialect(error), request, reply));
      await below.register(tenantRoutes, options);
      await below.register(tokenRoutes, options);
      await below.register(clientRoutes, options);
      await below.register(issuerRoutes, options);
      await below.register(signingKeyRoutes, options);
      await below.register(transferRoutes, options);
      await below.register(metricsRoutes, options);
      await below.register(taskRoutes, options);
      await below.register(roleRoutes, options);
      await below.register(faultRoutes, options);
      await below.register(featureRoutes, options);
      await below.register(requestLogRoutes, options);
      await below.register(schemaRoutes, options);
      await below.register(resourceTypeRoutes, options);
      await below.register(eventRoutes, options);
    },
    { prefix: '/admin' },
  );
};

/** Refused input is a 400 here, whatever status the dialect of the operator's own tenant has for it. */
function withoutDialect(error: unknown): unknown {
  if (!(error instanceof ScimError) || !error.refusedInput) return error;
  return new ScimError(error.status, error.detail, error.scimType ? { scimType: error.scimType } : {});
}
