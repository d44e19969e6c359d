import { pageOf } from '../protocol/paging.ts';
import { type Projection, projectionOf } from '../protocol/projection.ts';
import { cursorListResponse, listResponse } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { TypedRow } from '../storage/resources.ts';
import { searchResources as searchStorage } from '../storage/search.ts';
import type { Context, Scope } from './context.ts';
import { searchByCursor } from './cursor-search.ts';
import { represent } from './representation.ts';
import { searchOver } from './search-plan.ts';
import { seen } from './seen.ts';

/**
 * A search over resources of the types: a ListResponse with the page asked for, by index (RFC 7644 §3.4.2) unless
 * there is a cursor (RFC 9865). No match is an empty list, never 404.
 */
export async function searchResources(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<JsonObject> {
  const projections = new Map(types.map((type) => [type, projectionOf(type, query)]));
  const search = searchOver(scope, types, query);
  if (query.cursor !== undefined) {
    const { rows, total, cursors } = await searchByCursor(
      context,
      scope,
      types,
      { ...query, cursor: query.cursor },
      search,
    );
    const shown = seen(scope, rows);
    const unseen = rows.length - shown.length;
    return cursorListResponse(await bodiesOf(context, scope, shown, projections), total - unseen, cursors);
  }
  const page = pageOf(query, scope.dialect.profile.paging);
  const { rows, total } = await searchStorage(context.db, search, { offset: page.startIndex - 1, limit: page.count });
  const shown = seen(scope, rows);
  const unseen = rows.length - shown.length;
  return listResponse(await bodiesOf(context, scope, shown, projections), total - unseen, page.startIndex);
}

/** What is answered of each resource, in their order; each type's resources are read together. */
async function bodiesOf(
  context: Context,
  scope: Scope,
  found: readonly TypedRow[],
  projections: ReadonlyMap<ResourceTypeDefinition, Projection>,
): Promise<JsonObject[]> {
  const bodies = new Map<string, JsonObject>();
  for (const [type, projection] of projections) {
    const own = found.filter((row) => row.type === type.number);
    if (own.length === 0) continue;
    for (const { id, body } of await represent(context.db, scope, type, own, projection)) bodies.set(id, body);
  }
  return found.map(({ id }) => bodies.get(id)).filter((body) => body !== undefined);
}
