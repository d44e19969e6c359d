import { type SQL, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { columnsOf, DOCUMENT_ONLY, type Reading, type ResourceRow } from './resources.ts';
import { searched } from './searched.ts';
import {
  type IdRow,
  idColumns,
  idNames,
  idOf,
  type Listing,
  list,
  listingOf,
  type Search,
  type Segment,
} from './segments.ts';

export type { Search, TypeSearch } from './segments.ts';

/** A page by its place in the results. */
export interface IndexPage {
  readonly offset: number;
  readonly limit: number;
}

/** A resource that a search found. */
export interface FoundResource extends ResourceRow {
  /** Number of its resource type. */
  readonly type: number;
}

/** A page of the resources that the search selects, and how many it selects in all. With limit 0 only the number. */
export async function searchResources(
  db: Database,
  search: Search,
  page: IndexPage,
): Promise<{ rows: FoundResource[]; total: number }> {
  const { ids, total } = await pageOfListing(db, listingOf(search), page);
  return { rows: await documents(db, search.tenantId, ids, search.reading), total };
}

/** How many resources the search selects. */
export async function countResources(db: Database, search: Search): Promise<number> {
  return countListing(db, listingOf(search));
}

/** The ids on a page of the listing, and how many there are in all. With limit 0 only the number. */
export async function pageOfListing(
  db: Database,
  listing: Listing,
  page: IndexPage,
): Promise<{ ids: string[]; total: number }> {
  const { offset, limit } = page;
  if (limit === 0) return { ids: [], total: await countListing(db, listing) };
  const ids = await idsOfPage(db, listing, page);
  // A page that is not full is the last one, and its place tells how many there are.
  const isLast = ids.length < limit && (ids.length > 0 || offset === 0);
  return { ids, total: isLast ? offset + ids.length : await countListing(db, listing) };
}

/** How many the listing has. */
export function countListing(db: Database, { sets, scannedOf }: Listing): Promise<number> {
  return countOf(db, sets, scannedOf);
}

/** The resources with these ids, in the order of the ids. */
export async function documents(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<FoundResource[]> {
  if (ids.length === 0) return [];
  return rows<FoundResource>(
    db,
    sql`select ${columnsOf(reading, tenantId)}, r.type from unnest(${sql.param(ids)}::uuid[]) with ordinality as p (id, place)
      join resources r on r.tenant_id = ${tenantId}::uuid and r.id = p.id order by p.place`,
  );
}

/** The ids of the page: from indexes alone, as far as the filter lets them. */
async function idsOfPage(db: Database, listing: Listing, { offset, limit }: IndexPage): Promise<string[]> {
  const page: string[] = [];
  // How many of the results before the page are not behind yet.
  let ahead = offset;
  for (const segment of listing.segments) {
    const wanted = limit - page.length;
    const found = await idsIn(db, segment, listing, ahead, wanted);
    page.push(...found);
    if (found.length === wanted) break;
    const isLength = found.length > 0 || ahead === 0;
    const length = isLength
      ? ahead + found.length
      : await countOf(
          db,
          segment.branches.map(({ from, where }) => sql`${from} where ${where}`),
          listing.scannedOf,
        );
    ahead = Math.max(0, ahead - length);
  }
  return page;
}

async function idsIn(
  db: Database,
  segment: Segment,
  { descending, scannedOf }: Listing,
  offset: number,
  limit: number,
) {
  const found = await searched<IdRow>(db, pageQuery(segment, descending, offset, limit), scannedOf);
  return found.map(idOf);
}

function pageQuery(segment: Segment, descending: boolean, offset: number, limit: number): SQL {
  const order = orderOf(segment, descending);
  const page = sql`limit ${limit}::int offset ${offset}::bigint`;
  const selects = segment.branches.map(
    ({ from, where, ids, key, whole }) =>
      sql`select ${idColumns(ids)}, ${key} as key, ${whole} as whole from ${from} where ${where} order by ${order}`,
  );
  const [only, ...others] = selects;
  if (only && others.length === 0) return sql`${only} ${page}`;
  // No type has more of its resources on the page than those up to the page's end.
  const ends = selects.map((select) => sql`(${select} limit ${offset}::bigint + ${limit}::int)`);
  return sql`select b.* from (${sql.join(ends, sql` union all `)}) b order by ${order} ${page}`;
}

function orderOf(segment: Segment, descending: boolean): SQL {
  const ids = list(idNames(segment));
  if (segment.key === undefined) return ids;
  return descending ? sql`key desc, whole desc nulls last, ${ids}` : sql`key, whole nulls first, ${ids}`;
}

async function countOf(db: Database, sets: readonly SQL[], scannedOf: string | undefined): Promise<number> {
  if (sets.length === 0) return 0;
  const counts = sets.map((set) => sql`(select count(*) from ${set})`);
  const [found] = await searched<{ n: number }>(db, sql`select (${sql.join(counts, sql` + `)})::int as n`, scannedOf);
  return found?.n ?? 0;
}
