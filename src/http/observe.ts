import type { FastifyInstance, FastifyRequest } from 'fastify';
import { typeAtEndpoint } from '../schema/registry.ts';

/**
 * Logs a line for every answer. It names the route, not the path: ids, filters, headers and bodies hold personal data and
 * secrets, and stay out of the log.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: routeOf(request),
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        tenant: request.principal?.tenant.slug,
        credential: request.principal?.credential.prefix,
      },
      'request',
    );
    done();
  });
}

/** The route, with the endpoint in it where it is that of a resource type of the tenant, whose names are no secret. */
export function routeOf(request: FastifyRequest): string | undefined {
  const { url } = request.routeOptions;
  const { endpoint } = (request.params ?? {}) as { endpoint?: string };
  const registry = request.principal?.dialect.registry;
  const known = endpoint !== undefined && registry && typeAtEndpoint(registry, endpoint);
  return known ? url?.replace(':endpoint', endpoint) : url;
}
