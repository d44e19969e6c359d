import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context, Scope } from '../directory/context.ts';
import { reading } from '../directory/reading.ts';
import { searchResourcesAsText } from '../directory/search.ts';
import { bodyOf } from '../http/bodies.ts';
import { sendText } from '../http/parts.ts';
import { SearchParameters, searchQueryOf } from '../http/query.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { ScimError } from '../protocol/errors.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import { readSearchRequest } from '../protocol/search-request.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { RouteOptions } from './options.ts';

/** What follows an endpoint's path where a search is sent as a message (RFC 7644 §3.4.3). */
export const SEARCH_PATH = '/.search';

/** Searches over all resource types, at the SCIM base URI (RFC 7644 §3.4.2.1). */
export const searchRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { context }) => {
  app.get('/', { schema: { querystring: SearchParameters } }, async (request, reply) => {
    const types = searchedTypes(searchScope(request));
    return sendSearch(context, request, reply, types, searchQueryOf(request.query));
  });

  app.post(SEARCH_PATH, { config: { readsOnly: true } }, async (request, reply) => {
    const query = searchRequested(request);
    return sendSearch(context, request, reply, searchedTypes(scopeOf(request)), query);
  });
};

/** Answers with what the search finds among the resources of the types. */
export async function sendSearch(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<FastifyReply> {
  const scope = scopeOf(request);
  const found = await reading(context, (reader) => searchResourcesAsText(reader, scope, types, query));
  return sendText(request, reply, found);
}

/** The search that the request's message asks for; 501 where the tenant's dialect takes no such messages. */
export function searchRequested(request: FastifyRequest): SearchQuery {
  const { quirks } = searchScope(request).dialect;
  return readSearchRequest(bodyOf(request, 'a SearchRequest message'), quirks);
}

function searchScope(request: FastifyRequest): Scope {
  const scope = scopeOf(request);
  const { profile } = scope.dialect;
  if (!profile.operations.search) {
    throw new ScimError(
      501,
      `The profile ${profile.name} offers GET of a resource type's endpoint with a filter only.`,
    );
  }
  return scope;
}

/** The types whose lists the dialect offers: a search over all types must not show the others. */
function searchedTypes({ dialect: { profile, registry } }: Scope): readonly ResourceTypeDefinition[] {
  const { User, Group } = profile.operations;
  const offered = new Map(Object.entries({ User, Group }));
  return registry.types.filter((type) => offered.get(type.name)?.search ?? true);
}
