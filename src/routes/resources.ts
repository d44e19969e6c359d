import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../directory/context.ts';
import { createResource } from '../directory/create.ts';
import { deleteResource } from '../directory/delete.ts';
import { type OperationName, requireOffered } from '../directory/offered.ts';
import { patchResource } from '../directory/patch.ts';
import { readResource } from '../directory/read.ts';
import { replaceResource } from '../directory/replace.ts';
import { searchResources } from '../directory/search.ts';
import { bodyOf } from '../http/bodies.ts';
import { conditionsOf, sendRead } from '../http/conditions.ts';
import { ProjectionParameters, projectionGiven, SearchParameters, searchQueryOf } from '../http/query.ts';
import { identified, sendResource, sendScim } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { notFound } from '../protocol/errors.ts';
import { projectionOf } from '../protocol/projection.ts';
import { typeNamed } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { RouteOptions } from './options.ts';
import { SEARCH_PATH, searchRequested } from './search.ts';

const Address = Type.Object({ address: Type.String() });

type TypeName = 'User' | 'Group';

/** The endpoints of one resource type (RFC 7644 §3.2). */
export function resourceRoutes(name: TypeName, endpoint: string): FastifyPluginAsyncTypebox<RouteOptions> {
  return async (app, { context }) => {
    app.post(endpoint, { schema: { querystring: ProjectionParameters } }, async (request, reply) => {
      const { scope, type } = served(request, name, 'create');
      const projection = projectionOf(type, projectionGiven(request.query));
      const created = await createResource(context, scope, type, bodyOf(request, `a ${name}`), projection);
      return sendResource(reply.code(201), created);
    });

    app.get(endpoint, { schema: { querystring: SearchParameters } }, async (request, reply) => {
      const { scope, type } = served(request, name, 'search');
      return sendScim(reply, await searchResources(context, scope, [type], searchQueryOf(request.query)));
    });

    app.post(`${endpoint}${SEARCH_PATH}`, { config: { readsOnly: true } }, async (request, reply) => {
      const { scope, type } = served(request, name, 'search');
      return sendScim(reply, await searchResources(context, scope, [type], searchRequested(request)));
    });

    const one = { schema: { params: Address, querystring: ProjectionParameters } };

    app.get(`${endpoint}/:address`, one, async (request, reply) => {
      const { scope, type } = served(request, name, 'read');
      const projection = projectionOf(type, projectionGiven(request.query));
      return sendRead(request, reply, await readResource(context, scope, type, request.params.address, projection));
    });

    app.put(`${endpoint}/:address`, one, async (request, reply) => {
      const { scope, type } = served(request, name, 'replace');
      const projection = projectionOf(type, projectionGiven(request.query));
      const body = bodyOf(request, `the whole ${name}`);
      const { address } = request.params;
      const replaced = await replaceResource(context, scope, type, address, body, conditionsOf(request), projection);
      return sendResource(reply, replaced);
    });

    app.patch(`${endpoint}/:address`, one, async (request, reply) => {
      const { scope, type } = served(request, name, 'patch');
      const projection = projectionOf(type, projectionGiven(request.query));
      const body = bodyOf(request, 'a PatchOp message');
      const { address } = request.params;
      const patched = await patchResource(context, scope, type, address, body, conditionsOf(request), projection);
      if (patched.body === undefined) return identified(reply.code(204), patched).send();
      return sendResource(reply, patched);
    });

    app.delete(`${endpoint}/:address`, { schema: { params: Address } }, async (request, reply) => {
      const { scope, type } = served(request, name, 'delete');
      await deleteResource(context, scope, type, request.params.address, conditionsOf(request));
      return reply.code(204).send();
    });
  };
}

/** Whose resources the request is about, and of what type; 501 where the tenant's dialect does not offer the operation. */
function served(
  request: FastifyRequest,
  name: TypeName,
  operation: OperationName,
): { scope: Scope; type: ResourceTypeDefinition } {
  const scope = scopeOf(request);
  const type = typeNamed(scope.dialect.registry, name);
  if (!type) throw notFound(`This tenant has no resource type ${name}; /ResourceTypes lists those that it has.`);
  requireOffered(scope, type, operation);
  return { scope, type };
}
