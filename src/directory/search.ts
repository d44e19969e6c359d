import { invalidParameter } from '../protocol/errors.ts';
import { checkFilter, checkOptions } from '../protocol/filter/check.ts';
import { filterLeniencies, parseFilter } from '../protocol/filter/parse.ts';
import { abridged } from '../protocol/json.ts';
import { pageOf } from '../protocol/paging.ts';
import type { Projection } from '../protocol/projection.ts';
import { listResponse } from '../protocol/render.ts';
import { subAttribute } from '../schema/attribute.ts';
import type { JsonObject } from '../schema/json.ts';
import { type ResolvedAttribute, resolveAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Search, searchResources as searchStorage } from '../storage/search.ts';
import { isSortable } from '../storage/sort-to-sql.ts';
import type { Context, Scope } from './context.ts';
import { locationPrefix, represent, typeName } from './representation.ts';

/** A query over one resource type (RFC 7644 §3.4.2). */
export interface SearchQuery {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly startIndex?: number;
  readonly count?: number;
}

/** GET of a list: a ListResponse with the page asked for; no match is an empty list, never 404. */
export async function searchResources(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  query: SearchQuery,
  projection: Projection,
): Promise<JsonObject> {
  const { quirks, profile } = scope.dialect;
  const page = pageOf(query, profile.paging);
  const location = locationPrefix(scope);
  const search: Search = {
    tenantId: scope.tenantId,
    type,
    offset: page.startIndex - 1,
    limit: page.count,
    location: location(type.number),
    locations: location,
    typeNames: typeName(scope),
    ...(query.filter === undefined
      ? {}
      : { filter: checkFilter(parseFilter(query.filter, filterLeniencies(quirks)), type, checkOptions(quirks)) }),
    ...(query.sortBy === undefined
      ? {}
      : { sort: { by: sortKey(type, query.sortBy), descending: isDescending(query.sortOrder) } }),
  };
  const { rows, total } = await searchStorage(context.db, search);
  const found = await represent(context.db, scope, type, rows, projection);
  return listResponse(
    found.map(({ body }) => body),
    total,
    page.startIndex,
  );
}

/** The attribute that sortBy names; a complex one stands for its `value` (RFC 7644 §3.4.2.3). */
function sortKey(type: ResourceTypeDefinition, sortBy: string): ResolvedAttribute {
  const named = resolveAttribute(type, sortBy, { searchExtensions: true });
  const value = named && !named.sub ? subAttribute(named.attribute, 'value') : undefined;
  const by = named && value ? resolved(named.extension, named.attribute, value) : named;
  if (!by || !isSortable(by)) {
    throw invalidParameter(
      `sortBy "${abridged(sortBy)}" names nothing that ${type.name} can be sorted by; name a simple attribute or sub-attribute, such as name.familyName.`,
    );
  }
  return by;
}

function isDescending(sortOrder: string | undefined): boolean {
  const order = sortOrder?.toLowerCase() ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending') {
    throw invalidParameter(`sortOrder must be ascending or descending; got "${abridged(sortOrder ?? '')}".`);
  }
  return order === 'descending';
}
