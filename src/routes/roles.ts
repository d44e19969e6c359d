import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { readAssignable, searchAssignables } from '../directory/assignables.ts';
import { sendRead } from '../http/conditions.ts';
import { ProjectionParameters, projectionGiven, SearchParameters, searchQueryOf } from '../http/query.ts';
import { sendScim } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { projectionOf } from '../protocol/projection.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { RouteOptions } from './options.ts';
import { SEARCH_PATH, searchRequested } from './search.ts';

const One = Type.Object({ id: Type.String() });

/** /Roles or /Entitlements (draft-ietf-scim-roles-entitlements): what users can be given; read only. */
export function roleRoutes(type: ResourceTypeDefinition): FastifyPluginAsyncTypebox<RouteOptions> {
  const { endpoint } = type;
  const config = { feature: 'roles-and-entitlements' } as const;
  return async (app, { context }) => {
    app.get(endpoint, { config, schema: { querystring: SearchParameters } }, async (request, reply) => {
      const query = searchQueryOf(request.query);
      return sendScim(reply, await searchAssignables(context, scopeOf(request), type, query));
    });

    app.post(`${endpoint}${SEARCH_PATH}`, { config: { ...config, readsOnly: true } }, async (request, reply) =>
      sendScim(reply, await searchAssignables(context, scopeOf(request), type, searchRequested(request))),
    );

    const one = { config, schema: { params: One, querystring: ProjectionParameters } };

    app.get(`${endpoint}/:id`, one, async (request, reply) => {
      const projection = projectionOf(type, projectionGiven(request.query));
      return sendRead(request, reply, readAssignable(scopeOf(request), type, request.params.id, projection));
    });
  };
}
