import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { createMembership, deleteMembership, readMembershipAt, searchMemberships } from '../directory/memberships.ts';
import { reading } from '../directory/reading.ts';
import { bodyOf } from '../http/bodies.ts';
import { conditionsOf, sendRead } from '../http/conditions.ts';
import { ProjectionParameters, projectionGiven, SearchParameters, searchQueryOf } from '../http/query.ts';
import { sendResource, sendScim } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { projectionOf } from '../protocol/projection.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import type { RouteOptions } from './options.ts';
import { SEARCH_PATH, searchRequested } from './search.ts';

const One = Type.Object({ id: Type.String() });

/** /GroupMemberships (draft-zollner-scim-group-members): a membership is made, read and ended, and never changed. */
export const groupMembershipRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { context }) => {
  const { endpoint } = GROUP_MEMBERSHIP_TYPE;
  const config = { feature: 'group-memberships' } as const;

  app.post(endpoint, { config, schema: { querystring: ProjectionParameters } }, async (request, reply) => {
    const projection = projectionOf(GROUP_MEMBERSHIP_TYPE, projectionGiven(request.query));
    const body = bodyOf(request, 'a GroupMembership');
    return sendResource(reply.code(201), await createMembership(context, scopeOf(request), body, projection));
  });

  app.get(endpoint, { config, schema: { querystring: SearchParameters } }, async (request, reply) => {
    const [scope, query] = [scopeOf(request), searchQueryOf(request.query)];
    return sendScim(reply, await reading(context, (reader) => searchMemberships(reader, scope, query)));
  });

  app.post(`${endpoint}${SEARCH_PATH}`, { config: { ...config, readsOnly: true } }, async (request, reply) => {
    const [scope, query] = [scopeOf(request), searchRequested(request)];
    return sendScim(reply, await reading(context, (reader) => searchMemberships(reader, scope, query)));
  });

  const one = { config, schema: { params: One, querystring: ProjectionParameters } };

  app.get(`${endpoint}/:id`, one, async (request, reply) => {
    const projection = projectionOf(GROUP_MEMBERSHIP_TYPE, projectionGiven(request.query));
    const [scope, { id }] = [scopeOf(request), request.params];
    return sendRead(
      request,
      reply,
      await reading(context, (reader) => readMembershipAt(reader, scope, id, projection)),
    );
  });

  app.delete(`${endpoint}/:id`, { config, schema: { params: One } }, async (request, reply) => {
    await deleteMembership(context, scopeOf(request), request.params.id, conditionsOf(request));
    return reply.code(204).send();
  });
};
