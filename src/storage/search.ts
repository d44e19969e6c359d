import { type SQL, sql } from 'drizzle-orm';
import { branchToSql, planningOf, type Way, waysOf } from './branch-to-sql.ts';
import { CENSUS_LIMITS, censusesOf } from './censuses.ts';
import type { Counted } from './counted-sets.ts';
import { COUNTS_REMEMBERED_FROM, remainderOf, totalOf } from './counts.ts';
import { MAX_INDEXED_LENGTH } from './cut.ts';
import { type Database, isTransaction, rows } from './handle.ts';
import { unsized } from './listed.ts';
import { resourceNamed, uniqueNameOf } from './look-up.ts';
import { type FoundResource, fairShare, type PageRow, pageColumns, pageSource } from './page-rows.ts';
import { prebuilt } from './prebuilt.ts';
import { DOCUMENT_ONLY, perReading, type Reading } from './resources.ts';
import { type Planning, searched } from './searched.ts';
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
import type { Source } from './walks.ts';

export type { FoundResource } from './page-rows.ts';
export type { Search, TypeSearch } from './segments.ts';

/** A page by its place in the results. */
export interface IndexPage {
  readonly offset: number;
  readonly limit: number;
}

/**
 * A page of the resources that the search selects as it is found, of which `wholePage` or `pageAtOnce` has the rest; and how many it
 * selects in all. With limit 0 only the number.
 */
export async function searchResources(
  db: Database,
  search: Search,
  page: IndexPage,
): Promise<{ rows: readonly (FoundResource | PageRow)[]; total: number }> {
  const { tenantId, reading = DOCUMENT_ONLY } = search;
  const [only, another] = search.types;
  const name = only && !another && uniqueNameOf(only.type, only.filter);
  if (name) {
    const one = await resourceNamed(db, tenantId, name, reading);
    const all = one ? [one] : [];
    return { rows: all.slice(page.offset, page.offset + page.limit), total: all.length };
  }
  const listing = await listingOf(db, search);
  const share = fairShare(page.limit);
  return pageOf(db, listing, page, (places) =>
    searched<PageRow & Cut>(db, withDocuments(places, tenantId, reading, share), listing.scannedOf, places.planning),
  );
}

/** How many resources the search selects. */
export async function countResources(db: Database, search: Search): Promise<number> {
  return countListing(db, await listingOf(db, search));
}

/** The ids on a page of the listing, and how many there are in all. With limit 0 only the number. */
export async function pageOfListing(
  db: Database,
  listing: Listing,
  page: IndexPage,
): Promise<{ ids: string[]; total: number }> {
  const { rows: found, total } = await pageOf(db, listing, page, ({ query, planning }) =>
    searched<IdRow & Cut>(db, query, listing.scannedOf, planning),
  );
  return { ids: found.map(idOf), total };
}

/** How many the listing has. */
export async function countListing(db: Database, listing: Listing): Promise<number> {
  const { asked } = listing;
  if (!asked || isTransaction(db)) return countRows(db, listing);
  const censuses = censusesOf(db);
  const known = await censuses.total(asked, COUNTS_REMEMBERED_FROM);
  // A small one is told as it is now.
  if (known !== undefined && known >= COUNTS_REMEMBERED_FROM) return known;
  const total = await countRows(db, listing, listing.broad ? censuses.middle(asked) : undefined);
  if (total >= CENSUS_LIMITS.least || listing.broad) void censuses.wish(asked);
  return total;
}

/** The same, counted by the database: where much is merged for it, both halves at once. */
async function countRows(db: Database, listing: Listing, middle?: string): Promise<number> {
  const { sets, halves, scannedOf } = listing;
  const planning = planningOfCount(listing);
  const read = (query: SQL) => searched<{ readonly n: number }>(db, query, scannedOf, planning);
  // What may look at everything does one thing at a time.
  if (middle !== undefined && halves && scannedOf === undefined && sets.every(({ of }) => !of)) {
    const found = await Promise.all(halves(middle).map((half) => read(sumOf(half))));
    return found.reduce((sum, [half]) => sum + (half?.n ?? 0), 0);
  }
  const told = sets.filter(({ of }) => !of);
  let total = told.length > 0 ? await totalOf(db, sumOf(told), read) : 0;
  for (const { of, ...missing } of sets) {
    if (of) total += await remainderOf(db, sumOf([{ parts: [of] }]), sumOf([missing]), read);
  }
  return total;
}

/** The rows of a page of the resources with these ids, in the order of the ids. */
export async function documents(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<readonly PageRow[]> {
  if (ids.length === 0) return [];
  return rows<PageRow>(db, DOCUMENTS(reading)({ tenantId, ids, share: fairShare(ids.length) }));
}

const DOCUMENTS = perReading((reading) =>
  prebuilt<'tenantId' | 'ids' | 'share'>(
    ({ tenantId, ids, share }) => sql`select ${pageColumns(reading, share)}
      from unnest(${unsized(sql`${ids}::uuid[]`)}) with ordinality as p (id, place)
      cross join ${pageSource(reading, tenantId, sql`p.id`)} order by p.place`,
  ),
);

/** A query of the places on a page, from indexes alone as far as the filter lets it: their ids, and what they are ordered by. */
interface Places {
  readonly query: SQL;
  readonly order: SQL;
  /** Whether values are sorted by that may be cut, and only by their beginnings: an index has these in order, and no more. */
  readonly cut: boolean;
  readonly planning: Planning;
}

/** A row whose value, by which it is sorted, is cut; only its whole tells its place among those that begin alike. */
interface Cut {
  readonly cut?: boolean;
}

/** The rows of a page, as they are read at the places on it, and how many there are in all. */
async function pageOf<Row extends Cut>(
  db: Database,
  listing: Listing,
  { offset, limit }: IndexPage,
  read: (places: Places) => Promise<Row[]>,
): Promise<{ rows: Row[]; total: number }> {
  if (limit === 0) return { rows: [], total: await countListing(db, listing) };
  const counting = countMeanwhile(db, listing);
  if (listing.isLikelyEmpty && (await isNothing(counting))) return { rows: [], total: 0 };
  const found: Row[] = [];
  // How many of the results before the page are not behind yet.
  let ahead = offset;
  for (const segment of listing.segments) {
    // One more than the page takes: where there is none, nothing has to be counted.
    const wanted = limit + 1 - found.length;
    const here = await readSegment(segment, listing, ahead, wanted, read, counting);
    found.push(...here);
    if (here.length === wanted || segment === listing.segments.at(-1)) break;
    if (found.length === 0 && (await isNothing(counting))) break;
    const isLength = here.length > 0 || ahead === 0;
    const length = isLength ? ahead + here.length : await lengthOf(db, segment, listing);
    ahead = Math.max(0, ahead - length);
  }
  const isLast = found.length <= limit && (found.length > 0 || offset === 0);
  const known = found.length > 0 ? offset + found.length : 0;
  // A remembered total may be older than the page.
  const total = isLast ? known : Math.max(known, await (counting ?? countListing(db, listing)));
  return { rows: found.slice(0, limit), total };
}

/**
 * The total, counted while the page is read, where there are so many candidates that the page is likely to be full: to count
 * takes as long, and the two together no longer than one. What may look at everything does one thing at a time.
 */
function countMeanwhile(db: Database, listing: Listing): Promise<number> | undefined {
  const isLikelyFull = listing.segments.some(({ branches }) => branches.some(({ walk }) => walk));
  if (!isLikelyFull || listing.scannedOf !== undefined || isTransaction(db)) return undefined;
  // After the page has been asked for, which is sooner to be had.
  const counting = Promise.resolve().then(() => countListing(db, listing));
  // It may turn out not to be needed, or be needed late: whoever waits for it hears that it failed.
  counting.catch(() => {});
  return counting;
}

/** Whether there is nothing at all to find, so that no other way has to be tried: nothing before the page, nothing after it. */
async function isNothing(counting: Promise<number> | undefined): Promise<boolean> {
  return counting !== undefined && (await counting.catch(() => undefined)) === 0;
}

/** The rows of a segment from a place on, found the first way that finds all that there are. */
async function readSegment<Row extends Cut>(
  segment: Segment,
  listing: Listing,
  offset: number,
  limit: number,
  read: (places: Places) => Promise<Row[]>,
  counting: Promise<number> | undefined,
): Promise<Row[]> {
  let found: Row[] = [];
  for (const [tried, way] of waysOf(segment, offset + limit).entries()) {
    if (tried > 0 && found.length === 0 && (await isNothing(counting))) break;
    const places = (byWhole: boolean) => ({
      ...placesIn(segment, way, listing.descending, offset, limit, byWhole),
      planning: planningOf(segment, way, listing),
    });
    found = await read(places(false));
    // Rarely: then what comes before the page is the same in both orders, and on the page the whole values count.
    if (found.some(({ cut }) => cut)) found = await read(places(true));
    if (found.length === limit) break;
  }
  return found;
}

function placesIn(
  segment: Segment,
  way: Way,
  descending: boolean,
  offset: number,
  limit: number,
  byWhole: boolean,
): Omit<Places, 'planning'> {
  const cuts = segment.branches.some((branch) => branch.whole !== undefined);
  const order = orderOf(segment, descending, cuts && byWhole);
  const whole = (of: Source) => (cuts && byWhole ? sql`, ${of.whole ?? sql`null::text`} as whole` : sql``);
  const columns = (of: Source) => sql`${idColumns(of.ids)}, ${of.key} as key${whole(of)}`;
  const page = sql`limit ${limit}::int offset ${offset}::bigint`;
  const reach = offset + limit;
  const cut = cuts && !byWhole;
  const [only, ...others] = segment.branches;
  if (only && others.length === 0)
    return { query: branchToSql(only, way, { columns, order, page, reach }), order, cut };
  // No type has more of its resources on the page than those up to the page's end.
  const ends = segment.branches.map(
    (branch) => sql`(${branchToSql(branch, way, { columns, order, page: sql`limit ${reach}::bigint`, reach })})`,
  );
  return { query: sql`select b.* from (${sql.join(ends, sql` union all `)}) b order by ${order} ${page}`, order, cut };
}

/**
 * The resources at the places. The places are found first, by a plan of their own; then each resource is looked up by its key:
 * how many places there are the planner can't know.
 */
function withDocuments({ query, order, cut }: Places, tenantId: string, reading: Reading, share: number): SQL {
  const isCut = cut ? sql`, length(page.key) >= ${MAX_INDEXED_LENGTH}::int as cut` : sql``;
  return sql`with page as materialized (${query}) select ${pageColumns(reading, share)}${isCut} from page
    cross join ${pageSource(reading, tenantId, sql`page.id0`)} order by ${order}`;
}

/**
 * How many the segment has now. Remembered totals are not asked: by one that is older than the page, the page would begin too
 * early or too late in the segment behind, and walks through the pages would repeat results or miss them.
 */
async function lengthOf(db: Database, { branches }: Segment, listing: Listing): Promise<number> {
  const parts = branches.map(({ from, where, counted }) => counted ?? sql`${from} where ${where}`);
  const [found] = await searched<{ readonly n: number }>(
    db,
    sumOf([{ parts }]),
    listing.scannedOf,
    planningOfCount(listing),
  );
  return found?.n ?? 0;
}

function orderOf(segment: Segment, descending: boolean, byWhole: boolean): SQL {
  const ids = list(idNames(segment));
  if (segment.key === undefined) return ids;
  if (!byWhole) return descending ? sql`key desc, ${ids}` : sql`key, ${ids}`;
  return descending ? sql`key desc, whole desc nulls last, ${ids}` : sql`key, whole nulls first, ${ids}`;
}

function planningOfCount({ combined = false, broad = false }: Listing): Planning {
  if (!combined) return 'once';
  return broad ? 'merged' : 'anew';
}

/** A query of how many the sets have together, as `n`. */
function sumOf(sets: readonly Counted[]): SQL {
  const added = sets.flatMap(({ parts }) => parts).map((set) => sql` + (select count(*) from ${set})`);
  const taken = sets.flatMap(({ less = [] }) => less).map((set) => sql` - (select count(*) from ${set})`);
  return sql`select (0${sql.join([...added, ...taken])})::int as n`;
}
