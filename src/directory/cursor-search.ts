import { expiredCursor, invalidCount, invalidCursor, invalidParameter } from '../protocol/errors.ts';
import { filterLeniencies } from '../protocol/filter/parse.ts';
import { CURSOR_TIMEOUT_SECONDS, pageOf } from '../protocol/paging.ts';
import { searchIdentity } from '../protocol/search-identity.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Beside, Position } from '../storage/cursor-page.ts';
import { cursorKeyOf } from '../storage/tenants.ts';
import type { Context, Scope } from './context.ts';
import { openCursor, sealCursor } from './cursor.ts';

/** What a page by cursor is read from. */
interface Source<Row> {
  from(position: Position | undefined, limit: number): Promise<Beside & { readonly rows: readonly Row[] }>;
  count(): Promise<number>;
}

/** A page by cursor, with the cursors of the pages beside it. */
export interface FoundPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly cursors: { readonly previous?: string; readonly next?: string };
}

/** The page at the query's cursor, the first one where that is empty (RFC 9865 §2). */
export async function searchByCursor<Row>(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery & { readonly cursor: string },
  source: Source<Row>,
): Promise<FoundPage<Row>> {
  if (query.startIndex !== undefined) {
    throw invalidParameter(
      'cursor and startIndex exclude each other; send cursor for pages by cursor, or startIndex for pages by index.',
    );
  }
  const { count } = pageOf(query, scope.dialect.profile.paging);
  const secret = await cursorKeyOf(context.db, scope.tenantId);
  const binding = bindingOf(scope, types, query);
  const now = context.clock();
  const from = query.cursor === '' ? undefined : positionAt(query.cursor, secret, binding, count, now);
  if (count === 0) return { rows: [], total: await source.count(), cursors: {} };
  const { rows, previous, next } = await source.from(from, count);
  const sealed = (position: Position) => sealCursor(secret, binding, { position, count, issuedAt: now });
  return {
    rows,
    total: !previous && !next ? rows.length : await source.count(),
    cursors: {
      ...(previous ? { previous: sealed(previous) } : {}),
      ...(next ? { next: sealed(next) } : {}),
    },
  };
}

/** Where the cursor says that the page begins. It is trusted only after it has proved to be ours, and to be for this query. */
function positionAt(cursor: string, secret: string, binding: readonly string[], count: number, now: Date): Position {
  const content = openCursor(secret, binding, cursor);
  if (!content) {
    // The same words for a forged cursor and for one of another tenant, credential or query (RFC 9865 §5.2).
    throw invalidCursor(
      'The cursor was not given to this credential for this query; send a nextCursor or previousCursor with the ' +
        'parameters of the request that it answered, or an empty cursor for the first page.',
    );
  }
  if (now.getTime() - content.issuedAt.getTime() > CURSOR_TIMEOUT_SECONDS * 1000) {
    throw expiredCursor(
      `The cursor was given more than ${CURSOR_TIMEOUT_SECONDS} seconds ago; begin again with an empty cursor.`,
    );
  }
  if (content.count !== count) {
    throw invalidCount(
      `The first page was asked for with count ${content.count} and this one with ${count}; send the same count with each.`,
    );
  }
  return content.position;
}

/** What a cursor is bound to: whose it is and what was asked where. Filters and sorting see URIs, so the base counts too. */
function bindingOf(scope: Scope, types: readonly ResourceTypeDefinition[], query: SearchQuery): string[] {
  const { tenantId, actor, baseUrl, dialect } = scope;
  const endpoints = types.map(({ endpoint }) => endpoint).join(' ');
  return [tenantId, actor, baseUrl, endpoints, searchIdentity(query, filterLeniencies(dialect.quirks))];
}
