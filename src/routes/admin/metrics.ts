import type { FastifyPluginAsync } from 'fastify';
import { expiringCredentials } from '../../directory/expiring.ts';
import type { RouteOptions } from '../options.ts';

/** What this process counts, in the text form of Prometheus. */
export const metricsRoutes: FastifyPluginAsync<RouteOptions> = async (app, { context }) => {
  app.get('/metrics', async (_request, reply) => {
    const expiring = await expiringCredentials(context);
    const samples = expiring.flatMap(({ tenant, credential: { prefix, expiresAt } }) =>
      expiresAt === null ? [] : [{ tenant, prefix, expiresAt }],
    );
    reply.type(app.metrics.contentType);
    return app.metrics.text(samples);
  });
};
