import { type SQL, sql } from 'drizzle-orm';
import { tooMany } from '../protocol/errors.ts';
import { MAX_LISTED_AT_ONCE, MAX_LISTED_BYTES } from '../protocol/limits.ts';
import { groupsColumn, isNested } from './groups.ts';
import type { Database } from './handle.ts';
import type { Value } from './prebuilt.ts';
import {
  DOCUMENT_ONLY,
  findResources,
  RESOURCE_INSTANTS,
  type Reading,
  type ResourceRow,
  readWithAllGroups,
} from './resources.ts';

/** What is reckoned for a resource whose groups are in groups themselves: how many bytes these have is only known when they are read. */
const RECKONED_BYTES = MAX_LISTED_AT_ONCE / 32;

/** A resource that is found on a page. */
export interface FoundResource extends ResourceRow {
  /** Number of its resource type. */
  readonly type: number;
}

/** The same as it is read with the page: of a large one only how many bytes it has, neither the document nor the groups. */
export type PageRow = Omit<FoundResource, 'doc'> &
  ({ readonly large: null; readonly doc: string } | { readonly large: number; readonly doc: null });

/** How many bytes a resource of a page of so many may have to be read with it: all together have no more than is read at once. */
export function fairShare(limit: number): number {
  return Math.floor(MAX_LISTED_AT_ONCE / Math.max(1, limit));
}

/**
 * The columns of a PageRow, from `pageSource`. PostgreSQL knows how long a text is without reading it, and what is large is not sent:
 * a page of large resources would be more than this process has memory for.
 */
export function pageColumns({ groups }: Reading, share: Value<number>): SQL {
  const size = groups ? sql`octet_length(r.doc) + coalesce(octet_length(r.groups), 0)` : sql`octet_length(r.doc)`;
  const unlessLarge = (column: SQL) => sql`case when ${size} <= ${share}::int then ${column} end`;
  return sql`r.id, r.version, ${RESOURCE_INSTANTS}, r.type, ${unlessLarge(sql`r.doc`)} as doc,
    ${groups ? sql`${unlessLarge(sql`r.groups`)} as groups,` : sql``}
    case when ${size} > ${share}::int then ${size} end as large`;
}

/** The resource of that id as `r`, looked up by its key, which the limit leaves as the only way. */
export function pageSource({ groups }: Reading, tenantId: Value, id: SQL): SQL {
  const shown = groups ? sql`, ${groupsColumn(tenantId)} as groups` : sql``;
  return sql`lateral (select r.id, r.version, r.created_at, r.updated_at, r.type, r.doc${shown} from resources r
    where r.tenant_id = ${tenantId}::uuid and r.id = ${id} limit 1) r`;
}

/**
 * The rows of a page with all that they have. Those that are large, and those whose groups are in groups themselves, are read
 * again, each of one moment; one that is gone by then is left out. A page that has too much is refused.
 */
export async function wholePage(
  db: Database,
  tenantId: string,
  found: readonly (FoundResource | PageRow)[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<readonly FoundResource[]> {
  const rows = await completed(db, tenantId, found, reading, Number.POSITIVE_INFINITY);
  return rows.filter(isWhole);
}

/** The same as long as it is no more than is read at once; what is beyond it stays as it was found, for `rowsOfPage`. */
export function pageAtOnce(
  db: Database,
  tenantId: string,
  found: readonly (FoundResource | PageRow)[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<readonly (FoundResource | PageRow)[]> {
  return completed(db, tenantId, found, reading, MAX_LISTED_AT_ONCE);
}

async function completed(
  db: Database,
  tenantId: string,
  found: readonly (FoundResource | PageRow)[],
  reading: Reading,
  atOnce: number,
): Promise<readonly (FoundResource | PageRow)[]> {
  const lacking = found.filter((row) => !isWhole(row));
  if (lacking.length === 0) return found;
  let bytes = bytesOf(found);
  const again = new Map<string, FoundResource | undefined>();
  for (let rest = lacking; ; ) {
    if (bytes > MAX_LISTED_BYTES) throw tooLarge(found.length);
    if (bytes > atOnce || rest.length === 0) break;
    const part = readTogether(rest);
    rest = rest.slice(part.length);
    const read = await rowsOfPage(db, tenantId, part, reading);
    for (const { id } of part) again.set(id, read.get(id));
    bytes += bytesOf([...read.values()]) - bytesOf(part);
  }
  return found.flatMap((row) => (again.has(row.id) ? (again.get(row.id) ?? []) : [row]));
}

/** Rows of a page with all that they have, each of one moment, by id; one that is gone by then is left out. */
export function rowsOfPage(
  db: Database,
  tenantId: string,
  found: readonly (FoundResource | PageRow)[],
  reading: Reading,
): Promise<ReadonlyMap<string, FoundResource>> {
  const ids = found.map(({ id }) => id);
  return reading.groups ? readWithAllGroups(db, tenantId, ids) : findResources(db, tenantId, ids);
}

/** The first of the rows, those that may be read together: one at least. */
export function readTogether<Row extends FoundResource | PageRow>(found: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = found.findIndex((row, place) => {
    bytes += largeOf(row) || RECKONED_BYTES;
    return place > 0 && bytes > MAX_LISTED_AT_ONCE;
  });
  return found.slice(0, end === -1 ? found.length : end);
}

/** Whether the row has all that it is to have. */
export function isWhole(row: FoundResource | PageRow): row is FoundResource {
  return row.doc !== null && !isNested(row.groups);
}

function bytesOf(some: readonly (FoundResource | PageRow)[]): number {
  let bytes = 0;
  for (const row of some)
    bytes += Buffer.byteLength(row.doc ?? '') + Buffer.byteLength(row.groups ?? '') + largeOf(row);
  return bytes;
}

function largeOf(row: FoundResource | PageRow): number {
  return 'large' in row ? (row.large ?? 0) : 0;
}

function tooLarge(count: number) {
  return tooMany(
    `The ${count} resources of this page have more than ${MAX_LISTED_BYTES} bytes together; send a smaller count.`,
  );
}
