import { invalidParameter } from '../protocol/errors.ts';
import { CURSOR_TIMEOUT_SECONDS } from '../protocol/paging.ts';
import type { Projection } from '../protocol/projection.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Position, pageFrom } from '../storage/cursor-page.ts';
import { wholePage } from '../storage/page-rows.ts';
import { cursorKeyOf } from '../storage/tenants.ts';
import type { Context, Scope } from './context.ts';
import { type CursorContent, openCursor, sealCursor } from './cursor.ts';
import { type Representation, represent } from './representation.ts';
import { searchOver } from './search-plan.ts';
import { seen } from './seen.ts';

/** Which page of a walk is asked for. */
export interface BrowseQuery {
  /** A cursor and the side of its place on which the page is, with the parameter that it came in; left out: the first page. */
  readonly beside?: { readonly cursor: string; readonly direction: 'after' | 'before'; readonly parameter: string };
  /** Resources in the page; left out: as many as in the page that gave the cursor, or the default of the profile. */
  readonly count?: number;
}

/** A page of a walk; the cursors are there where there is something to walk to. */
export interface BrowsedPage {
  readonly resources: readonly Representation[];
  readonly count: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/**
 * A page of all resources of a type in the order of their ids, for surfaces with cursors of their own rules: each page may
 * have another size, and nothing is counted. As a page begins at an id and not at a number, a walk neither skips nor repeats
 * what was there throughout, whatever is written beside it.
 */
export async function browseResources(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  query: BrowseQuery,
  projection: Projection,
): Promise<BrowsedPage> {
  const secret = await cursorKeyOf(context.db, scope.tenantId);
  const binding = ['browse', scope.tenantId, scope.actor, type.endpoint];
  const now = context.clock();
  const begun = query.beside && contentOf(query.beside, secret, binding, now);
  const count = query.count ?? begun?.count ?? scope.dialect.profile.paging.defaultCount;
  const page = await pageFrom(context.db, searchOver(scope, [type], {}), begun?.position, count);
  const rows = seen(scope, await wholePage(context.db, scope.tenantId, page.rows));
  const sealed = (position: Position | undefined) =>
    position && sealCursor(secret, binding, { position, count, issuedAt: now });
  return {
    resources: await represent(context.db, scope, type, rows, projection),
    count,
    after: sealed(page.next),
    before: sealed(page.previous),
  };
}

function contentOf(
  { cursor, direction, parameter }: NonNullable<BrowseQuery['beside']>,
  secret: string,
  binding: readonly string[],
  now: Date,
): CursorContent {
  const content = openCursor(secret, binding, cursor);
  // The same words for a forged cursor and for one of another tenant or credential.
  if (!content || content.position.backwards !== (direction === 'before')) {
    throw invalidParameter(
      `The ${parameter} was not given to this credential as ${parameter}; send the ${parameter} of an answer, or none for the first page.`,
    );
  }
  if (now.getTime() - content.issuedAt.getTime() > CURSOR_TIMEOUT_SECONDS * 1000) {
    throw invalidParameter(
      `The ${parameter} was given more than ${CURSOR_TIMEOUT_SECONDS} seconds ago; begin again with the first page.`,
    );
  }
  return content;
}
