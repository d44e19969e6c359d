import type { FastifyInstance } from 'fastify';

/**
 * Logs a line for every answer. It names the route, not the path: ids, filters, headers and bodies hold personal data and
 * secrets, and stay out of the log.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        tenant: request.principal?.tenant.slug,
        credential: request.principal?.credential.prefix,
      },
      'request',
    );
  });
}
