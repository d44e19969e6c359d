import { type SQL, sql } from 'drizzle-orm';
import { branchToSql, planningOf, type Selection, type Way, waysOf } from './branch-to-sql.ts';
import type { Column } from './columns.ts';
import type { Database } from './handle.ts';
import type { PageRow } from './page-rows.ts';
import { documents } from './search.ts';
import { searched } from './searched.ts';
import {
  type IdRow,
  idColumns,
  idNames,
  idOf,
  idParts,
  type Listing,
  list,
  listingOf,
  type Search,
  type Segment,
} from './segments.ts';
import type { Source } from './walks.ts';

/**
 * Where a page begins: at a place in the order of the results, which is that of a resource as it was when it was seen. The
 * resource itself need not be there any more.
 */
export interface Position {
  readonly id: string;
  /** What the resource was sorted by, as text; null when it had no value. Of a long value the beginning. */
  readonly key: string | null;
  /** The page is made of what comes before the place, instead of after. */
  readonly backwards: boolean;
  /** The resource at the place is on the page. */
  readonly inclusive: boolean;
}

/** Where the pages beside a page begin, if there are any. */
export interface Beside {
  readonly previous?: Position;
  readonly next?: Position;
}

/** A page of resources as it is found, of which `wholePage` or `pageAtOnce` has the rest; and where the pages beside it begin. */
export interface CursorPage extends Beside {
  readonly rows: readonly PageRow[];
}

type Place = Pick<Position, 'id' | 'key'>;

/** The page of the search that begins at the position, or the first page. */
export async function pageFrom(
  db: Database,
  search: Search,
  from: Position | undefined,
  limit: number,
): Promise<CursorPage> {
  const { ids, ...beside } = await listingFrom(db, await listingOf(db, search), from, limit);
  return { rows: await documents(db, search.tenantId, ids, search.reading), ...beside };
}

/**
 * The ids on the page that begins at the position, or on the first page. Nothing is counted off: each page is found by comparing with
 * its position, so that resources which come and go elsewhere shift nothing. Long values are compared by their beginnings
 * only (as much as the index has), and by id where these are equal.
 */
export async function listingFrom(
  db: Database,
  listing: Listing,
  from: Position | undefined,
  limit: number,
): Promise<Beside & { readonly ids: string[] }> {
  const backwards = from?.backwards === true;
  const found = await walk(db, listing, from, backwards, limit + 1);
  const page = found.slice(0, limit);
  if (backwards) page.reverse();
  const [first, last] = [page.at(0), page.at(-1)];
  const ahead = found.length > limit;
  const behind = from && turned(backwards ? last : first, from);
  const isBehind = behind ? (await walk(db, listing, behind, behind.backwards, 1)).length > 0 : false;
  const previous = backwards ? ahead && first && before(first) : isBehind && behind;
  const next = backwards ? isBehind && behind : ahead && last && after(last);
  return {
    ids: page.map(({ id }) => id),
    ...(previous ? { previous } : {}),
    ...(next ? { next } : {}),
  };
}

const before = ({ id, key }: Place): Position => ({ id, key, backwards: true, inclusive: false });
const after = ({ id, key }: Place): Position => ({ id, key, backwards: false, inclusive: false });

/** Where the page on the other side begins: beside the page's own end, or where an empty page itself began. */
function turned(end: Place | undefined, from: Position): Position {
  if (!end) return { ...from, backwards: !from.backwards, inclusive: !from.inclusive };
  return from.backwards ? after(end) : before(end);
}

/** The places from the position on, nearest first. */
async function walk(
  db: Database,
  listing: Listing,
  from: Position | undefined,
  backwards: boolean,
  limit: number,
): Promise<Place[]> {
  const { segments, descending } = listing;
  const ordered = backwards ? segments.toReversed() : segments;
  const direction: Direction = { keysDown: descending !== backwards, idsDown: backwards };
  const found: Place[] = [];
  for (const segment of ordered) {
    const isThere = from && (segment.key === undefined) === (from.key === null);
    // Those without a value come last, or first when keys go down. The place may be where there is no segment any more.
    if (from && !isThere && (segment.key === undefined) === direction.keysDown) continue;
    const position = isThere ? from : undefined;
    const here = await readSegment(db, segment, direction, position, limit - found.length, listing);
    for (const row of here) found.push({ id: idOf(row), key: row.key });
    if (found.length === limit) break;
  }
  return found;
}

interface Direction {
  readonly keysDown: boolean;
  readonly idsDown: boolean;
}

interface PlaceRow extends IdRow {
  readonly key: string | null;
}

/** The places of a segment, found the first way that finds all that there are. */
async function readSegment(
  db: Database,
  segment: Segment,
  direction: Direction,
  from: Position | undefined,
  limit: number,
  listing: Listing,
): Promise<PlaceRow[]> {
  let found: PlaceRow[] = [];
  for (const way of waysOf(segment, limit)) {
    const query = placesIn(segment, way, direction, from, limit);
    found = await searched<PlaceRow>(db, query, listing.scannedOf, planningOf(segment, way, listing));
    if (found.length === limit) break;
  }
  return found;
}

function placesIn(segment: Segment, way: Way, direction: Direction, from: Position | undefined, limit: number): SQL {
  const ids = list(idNames(segment).map((id) => (direction.idsDown ? sql`${id} desc` : id)));
  const order = segment.key === undefined ? ids : sql`sorted ${direction.keysDown ? sql`desc` : sql`asc`}, ${ids}`;
  const shown = (value: SQL) => (segment.key === undefined ? sql`null::text` : SHOWN[segment.key](value));
  const page = sql`limit ${limit}::int`;
  const selection: Selection = {
    columns: (of) => sql`${idColumns(of.ids)}, ${of.key} as sorted, ${shown(of.key)} as key`,
    order,
    beyond: from && ((of) => beyondPosition(segment, of, direction, from)),
    page,
    reach: limit,
  };
  const selects = segment.branches.map((branch) => branchToSql(branch, way, selection));
  const [only, ...others] = selects;
  if (only && others.length === 0) return only;
  const all = sql.join(
    selects.map((select) => sql`(${select})`),
    sql` union all `,
  );
  return sql`select b.* from (${all}) b order by ${order} ${page}`;
}

/** The condition that a resource comes after the position in the direction of the walk, or is at it. */
function beyondPosition({ key }: Segment, of: Source, { keysDown, idsDown }: Direction, from: Position): SQL {
  const operator = (down: boolean, inclusive: boolean) => sql.raw(`${down ? '<' : '>'}${inclusive ? '=' : ''}`);
  const ids = list(of.ids);
  const id = list(idParts(from.id).map((part) => sql`${part}::uuid`));
  // As comparisons of rows, an index on all of them begins right at the place.
  const byId = sql`(${ids}) ${operator(idsDown, from.inclusive)} (${id})`;
  if (key === undefined || from.key === null) return byId;
  const place = sql`${from.key}::${sql.raw(TYPES[key])}`;
  if (keysDown === idsDown) {
    return sql`(${of.key}, ${ids}) ${operator(keysDown, from.inclusive)} (${place}, ${id})`;
  }
  const strictly = sql`${of.key} ${operator(keysDown, false)} ${place}`;
  return sql`${of.key} ${operator(keysDown, true)} ${place} and (${strictly} or ${byId})`;
}

const TYPES: Record<Column['kind'], string> = { text: 'text', id: 'uuid', instant: 'timestamptz' };

const SHOWN: Record<Column['kind'], (value: SQL) => SQL> = {
  text: (value) => value,
  id: (value) => sql`${value}::text`,
  instant: (value) => sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
};
