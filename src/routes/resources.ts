import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Context, Scope } from '../directory/context.ts';
import { createResource } from '../directory/create.ts';
import { deleteResource } from '../directory/delete.ts';
import { type OperationName, requireOffered } from '../directory/offered.ts';
import { isShown, patchResource } from '../directory/patch.ts';
import { readInParts } from '../directory/read-in-parts.ts';
import { reading } from '../directory/reading.ts';
import { replaceResource } from '../directory/replace.ts';
import { bodyOf } from '../http/bodies.ts';
import { conditionsOf, sendRead } from '../http/conditions.ts';
import { noEndpoint } from '../http/not-found.ts';
import { sendInParts } from '../http/parts.ts';
import { ProjectionParameters, projectionGiven, SearchParameters, searchQueryOf } from '../http/query.ts';
import { identified, sendResource } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { projectionOf } from '../protocol/projection.ts';
import { typeAtEndpoint } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { RouteOptions } from './options.ts';
import { SEARCH_PATH, searchRequested, sendSearch } from './search.ts';

type App = Parameters<FastifyPluginAsyncTypebox<RouteOptions>>[0];

const LIST = '/:endpoint';

/** The endpoints of resource types (RFC 7644 §3.2): which there are is the tenant's business. */
export const resourceRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { context }) => {
  // Before anything is read of the request: a path that is no endpoint of the tenant is none at all.
  app.addHook('onRequest', (request, _reply, done) => {
    if (typeAt(request)) done();
    else noEndpoint(request).catch(done);
  });

  app.post(LIST, { schema: { querystring: ProjectionParameters } }, async (request, reply) => {
    const { scope, type } = served(request, 'create');
    const projection = projectionOf(type, projectionGiven(request.query));
    const created = await createResource(context, scope, type, bodyOf(request, `a ${type.name}`), projection);
    return sendResource(reply.code(201), created);
  });

  app.get(LIST, { schema: { querystring: SearchParameters } }, async (request, reply) => {
    const { type } = served(request, 'search');
    return sendSearch(context, request, reply, [type], searchQueryOf(request.query));
  });

  app.post(`${LIST}${SEARCH_PATH}`, { config: { readsOnly: true } }, async (request, reply) => {
    const { type } = served(request, 'search');
    const query = searchRequested(request);
    return sendSearch(context, request, reply, [type], query);
  });

  oneResourceRoutes(app, context, `${LIST}/:address`, (request, operation) => {
    const { scope, type } = served(request, operation);
    return { scope, type, address: (request.params as { address: string }).address };
  });
};

/** What a request for one resource is about; throws 501 where the operation is not offered. */
export type Locate = (
  request: FastifyRequest,
  operation: OperationName,
) => { readonly scope: Scope; readonly type: ResourceTypeDefinition; readonly address: string };

/** The methods on one resource (RFC 7644 §3.4.1, §3.5, §3.6), at a path that may be an alias of its own. */
export function oneResourceRoutes(app: App, context: Context, path: string, locate: Locate): void {
  const one = { schema: { querystring: ProjectionParameters } };

  app.get(path, one, async (request, reply) => {
    const { scope, type, address } = locate(request, 'read');
    const projection = projectionOf(type, projectionGiven(request.query));
    const found = await reading(context, (reader) => readInParts(reader, scope, type, address, projection));
    return sendRead(request, reply, found);
  });

  app.put(path, one, async (request, reply) => {
    const { scope, type, address } = locate(request, 'replace');
    const projection = projectionOf(type, projectionGiven(request.query));
    const body = bodyOf(request, `the whole ${type.name}`);
    const replaced = await replaceResource(context, scope, type, address, body, conditionsOf(request), projection);
    return sendResource(reply, replaced);
  });

  app.patch(path, one, async (request, reply) => {
    const { scope, type, address } = locate(request, 'patch');
    const projection = projectionOf(type, projectionGiven(request.query));
    const body = bodyOf(request, 'a PatchOp message');
    const patched = await patchResource(context, scope, type, address, body, conditionsOf(request), projection);
    if ('parts' in patched) return sendInParts(request, reply, patched);
    return isShown(patched) ? sendResource(reply, patched) : identified(reply.code(204), patched).send();
  });

  app.delete(path, async (request, reply) => {
    const { scope, type, address } = locate(request, 'delete');
    await deleteResource(context, scope, type, address, conditionsOf(request));
    return reply.code(204).send();
  });
}

/** Whose resources the request is about, and of what type; 501 where the tenant's dialect does not offer the operation. */
function served(request: FastifyRequest, operation: OperationName): { scope: Scope; type: ResourceTypeDefinition } {
  const scope = scopeOf(request);
  const type = typeAt(request);
  if (!type) throw new Error(`${request.method} ${request.routeOptions.url} is served without a resource type.`);
  requireOffered(scope, type, operation);
  return { scope, type };
}

/** The tenant's resource type whose endpoint the path begins with. */
function typeAt(request: FastifyRequest): ResourceTypeDefinition | undefined {
  const { endpoint } = request.params as { endpoint: string };
  return typeAtEndpoint(scopeOf(request).dialect.registry, endpoint);
}
