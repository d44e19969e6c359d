import type { FastifyPluginAsync } from 'fastify';
import { expiringCredentials } from '../../directory/expiring.ts';
import type { RouteOptions } from '../options.ts';

/** What this process counts, in the text form of Prometheus. */
export const metricsRoutes: FastifyPluginAsync<RouteOptions> = async (app, { context }) => {
  app.get('/metrics', async (_request, reply) => {
    reply.type(app.metrics.contentType);
    return app.metrics.text(await expiringCredentials(context));
  });
};
