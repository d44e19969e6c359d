import { type Projection, projectionOf } from '../protocol/projection.ts';
import { bodyOfList, type ListPage, textOfList } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { pageFrom } from '../storage/cursor-page.ts';
import { countResources, type FoundResource, searchResources as searchStorage } from '../storage/search.ts';
import type { Context, Scope } from './context.ts';
import { pageOfResults, type Results } from './listing.ts';
import { type Representation, readingFor, represent } from './representation.ts';
import { searchOver } from './search-plan.ts';
import { seen } from './seen.ts';

/** A search over resources of the types: a ListResponse with the page asked for. */
export async function searchResources(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<JsonObject> {
  return bodyOfList(await pageOfSearch(context, scope, types, query, ({ body }) => body));
}

/** The same as JSON text. */
export async function searchResourcesAsText(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<string> {
  return textOfList(await pageOfSearch(context, scope, types, query, (found) => found.text ?? jsonTextOf(found.body)));
}

async function pageOfSearch<Body>(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
  bodyOf: (found: Representation) => Body,
): Promise<ListPage<Body>> {
  const projections = new Map(types.map((type) => [type, projectionOf(type, query)]));
  const groups = [...projections].some(([type, projection]) => readingFor(type, projection).groups);
  const search = { ...searchOver(scope, types, query), reading: { groups } };
  const results: Results<FoundResource> = {
    page: async (at) => {
      const { rows, total } = await searchStorage(context.db, search, at);
      const shown = seen(scope, rows);
      return { rows: shown, total: total - (rows.length - shown.length) };
    },
    from: async (position, limit) => {
      const page = await pageFrom(context.db, search, position, limit);
      return { ...page, rows: seen(scope, page.rows) };
    },
    count: () => countResources(context.db, search),
  };
  return pageOfResults(context, scope, types, query, results, async (rows) => {
    const found = await represented(context, scope, rows, projections);
    return found.map(bodyOf);
  });
}

/** What is answered of each resource, in their order; each type's resources are read together. */
async function represented(
  context: Context,
  scope: Scope,
  found: readonly FoundResource[],
  projections: ReadonlyMap<ResourceTypeDefinition, Projection>,
): Promise<Representation[]> {
  const all = new Map<string, Representation>();
  for (const [type, projection] of projections) {
    const own = found.filter((row) => row.type === type.number);
    if (own.length === 0) continue;
    for (const one of await represent(context.db, scope, type, own, projection)) all.set(one.id, one);
  }
  return found.map(({ id }) => all.get(id)).filter((one) => one !== undefined);
}
