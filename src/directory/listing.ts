import { pageOf } from '../protocol/paging.ts';
import { cursorListPage, type ListPage, listPage } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Beside, Position } from '../storage/cursor-page.ts';
import type { Context, Scope } from './context.ts';
import { searchByCursor } from './cursor-search.ts';

/** What was found, in its order, and how a page of it is read. */
export interface Results<Row> {
  /** The page at that place, and how many there are in all. With limit 0 only the number. */
  page(at: { readonly offset: number; readonly limit: number }): Promise<{ rows: readonly Row[]; total: number }>;
  /** The page that begins at the position, or the first one. */
  from(position: Position | undefined, limit: number): Promise<Beside & { readonly rows: readonly Row[] }>;
  count(): Promise<number>;
}

/**
 * The page that the query asks for: by index (RFC 7644 §3.4.2) unless there is a cursor (RFC 9865).
 * No match is an empty list, never 404.
 */
export async function pageOfResults<Row, Body>(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
  results: Results<Row>,
  bodiesOf: (rows: readonly Row[]) => Promise<readonly Body[]>,
): Promise<ListPage<Body>> {
  if (query.cursor !== undefined) {
    const asked = { ...query, cursor: query.cursor };
    const { rows, total, cursors } = await searchByCursor(context, scope, types, asked, results);
    return cursorListPage(await bodiesOf(rows), total, cursors);
  }
  const { startIndex, count } = pageOf(query, scope.dialect.profile.paging);
  const { rows, total } = await results.page({ offset: startIndex - 1, limit: count });
  return listPage(await bodiesOf(rows), total, startIndex);
}
