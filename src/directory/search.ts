import { type Projection, projectionOf } from '../protocol/projection.ts';
import { bodyOfList, type ListPage, partsOfList, textOfList } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { pageFrom } from '../storage/cursor-page.ts';
import type { Database } from '../storage/database.ts';
import { type FoundResource, type PageRow, pageAtOnce, wholePage } from '../storage/page-rows.ts';
import type { Reading } from '../storage/resources.ts';
import { countResources, searchResources as searchStorage } from '../storage/search.ts';
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
  const shape = { completed: wholePage, represented: represent, bodyOf: ({ body }: Representation) => body };
  return bodyOfList(await pageOfSearch(context, scope, types, query, shape));
}

/** The same as JSON text, in parts where the page has more than is answered at once: documents, or members of groups. */
export async function searchResourcesAsText(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
): Promise<string | AsyncIterable<string>> {
  const completed = scope.past ? wholePage : pageAtOnce;
  const shape = { completed, represented: representPage, bodyOf: textOf };
  const { head, resources } = await pageOfSearch(context, scope, types, query, shape);
  const texts = resources.filter((one) => typeof one === 'string');
  if (texts.length === resources.length) return textOfList({ head, resources: texts });
  return partsOfList(head, pageText(context.db, scope, resources));
}

function textOf(found: Representation | Unread): string | Unread {
  return 'projection' in found ? found : (found.text ?? jsonTextOf(found.body));
}

/** How a page is answered. */
interface Shape<Row, Shown, Body> {
  /** Reads what the rows of the page lack. */
  completed(
    db: Database,
    tenantId: string,
    found: readonly (FoundResource | PageRow)[],
    reading: Reading,
  ): Promise<readonly Row[]>;
  /** Gives what is answered of some resources of a type. */
  represented(
    db: Database,
    scope: Scope,
    type: ResourceTypeDefinition,
    found: readonly (Row | FoundResource)[],
    projection: Projection,
  ): Promise<readonly Shown[]>;
  bodyOf(found: Shown): Body;
}

async function pageOfSearch<Row extends FoundResource | PageRow, Shown extends { readonly id: string }, Body>(
  context: Context,
  scope: Scope,
  types: readonly ResourceTypeDefinition[],
  query: SearchQuery,
  { completed, represented, bodyOf }: Shape<Row, Shown, Body>,
): Promise<ListPage<Body>> {
  const { db } = context;
  const projections = new Map(types.map((type) => [type, projectionOf(type, query)]));
  const groups = [...projections].some(([type, projection]) => readingFor(type, projection).groups);
  const reading = { groups };
  const search = { ...searchOver(scope, types, query), reading };
  const shownOf = async (rows: readonly (FoundResource | PageRow)[]) =>
    seen(scope, await completed(db, scope.tenantId, rows, reading));
  const results: Results<Row | FoundResource> = {
    page: async (at) => {
      const { rows, total } = await searchStorage(db, search, at);
      const shown = await shownOf(rows);
      return { rows: shown, total: total - (rows.length - shown.length) };
    },
    from: async (position, limit) => {
      const page = await pageFrom(db, search, position, limit);
      return { ...page, rows: await shownOf(page.rows) };
    },
    count: () => countResources(db, search),
  };
  return pageOfResults(context, scope, types, query, results, async (rows) => {
    const all = new Map<string, Shown>();
    // Each type's resources are read together.
    for (const [type, projection] of projections) {
      const own = rows.filter((row) => row.type === type.number);
      if (own.length === 0) continue;
      for (const one of await represented(db, scope, type, own, projection)) all.set(one.id, one);
    }
    return rows.flatMap(({ id }) => all.get(id) ?? []).map(bodyOf);
  });
}
