import { type Projection, projectionOf } from '../protocol/projection.ts';
import { bodyOfList, type ListPage, partsOfList, textOfList } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { pageFrom } from '../storage/cursor-page.ts';
import type { Database } from '../storage/database.ts';
import { countResources, type FoundResource, searchResources as searchStorage } from '../storage/search.ts';
import type { Context, Scope } from './context.ts';
import { pageOfResults, type Results } from './listing.ts';
import { pageText, representPage, type Unread } from './page-in-parts.ts';
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
  return bodyOfList(await pageOfSearch(context, scope, types, query, represent, ({ body }) => body));
}

/** The same as JSON text, in parts where the groups of the page have more members than are answered at once. */
export async function searchResourcesAsText(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<string | AsyncIterable<string>> {
  const { head, resources } = await pageOfSearch(context, scope, types, query, representPage, textOf);
  const texts = resources.filter((one) => typeof one === 'string');
  if (texts.length === resources.length) return textOfList({ head, resources: texts });
  return partsOfList(head, pageText(context.db, scope, resources));
}

function textOf(found: Representation | Unread): string | Unread {
  return 'count' in found ? found : (found.text ?? jsonTextOf(found.body));
}

/** Gives what is answered of some resources of a type. */
type Represent<Shown> = (
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  found: readonly FoundResource[],
  projection: Projection,
) => Promise<readonly Shown[]>;

async function pageOfSearch<Shown extends { readonly id: string }, Body>(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
  represented: Represent<Shown>,
  bodyOf: (found: Shown) => Body,
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
    const all = new Map<string, Shown>();
    // Each type's resources are read together.
    for (const [type, projection] of projections) {
      const own = rows.filter((row) => row.type === type.number);
      if (own.length === 0) continue;
      for (const one of await represented(context.db, scope, type, own, projection)) all.set(one.id, one);
    }
    return rows.flatMap(({ id }) => all.get(id) ?? []).map(bodyOf);
  });
}
