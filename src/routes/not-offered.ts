import type { FastifyPluginAsync, HTTPMethods } from 'fastify';
import { ScimError } from '../protocol/errors.ts';
import type { RouteOptions } from './options.ts';

/** Endpoints of RFC 7644 that no tenant is offered, so that a client hears so instead of a 404. */
const NOT_OFFERED: readonly { readonly path: string; readonly methods: HTTPMethods[]; readonly instead: string }[] = [
  { path: '/Me', methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], instead: 'use /Users with the id of the user' },
];

/** Answers 501 for what RFC 7644 describes and this server does not offer (RFC 7644 §3.7, §3.11). */
export const notOfferedRoutes: FastifyPluginAsync<RouteOptions> = async (app) => {
  for (const { path, methods, instead } of NOT_OFFERED) {
    app.route({
      method: methods,
      url: path,
      handler: async (request) => {
        throw new ScimError(501, `${request.method} of ${path} is not offered; ${instead}.`);
      },
    });
  }
};
