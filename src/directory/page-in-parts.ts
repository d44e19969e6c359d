import { MAX_MEMBERS_AT_ONCE, MAX_MEMBERS_LISTED } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import type { MemberRow } from '../storage/members.ts';
import { firstMembers, memberCounts } from '../storage/page-members.ts';
import { type FoundResource, isWhole, type PageRow, readTogether, rowsOfPage } from '../storage/page-rows.ts';
import type { Scope } from './context.ts';
import { MEMBERS_IN_PART, textOfPresent } from './members-in-parts.ts';
import { type Representation, readingFor, represent, tooManyMembers, wantedOf } from './representation.ts';

/** A resource on a page that is answered in parts: what it lacks is read when it is its turn. */
export interface Unread {
  readonly id: string;
  readonly type: ResourceTypeDefinition;
  readonly row: FoundResource | PageRow;
  readonly projection: Projection;
  /** Of a group that shows its members. */
  readonly members?: {
    readonly attribute: string;
    /** How many it had when the page was read. */
    readonly count: number;
  };
}

type Page = readonly (string | Unread)[];

/**
 * What is answered of resources of a type that are on one page: as Unread where they have more documents, or groups more
 * members together, than are answered at once.
 */
export async function representPage(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  found: readonly (FoundResource | PageRow)[],
  projection: Projection,
): Promise<readonly (Representation | Unread)[]> {
  const rows = found.filter(isWhole);
  const areRead = rows.length === found.length;
  const attribute = wantedOf(type, 'rows', projection);
  if (areRead && (attribute === undefined || scope.past)) return represent(db, scope, type, rows, projection);
  if (attribute === undefined) return found.map((row) => ({ id: row.id, type, row, projection }));
  const ids = found.map(({ id }) => id);
  if (areRead) {
    const most = MAX_MEMBERS_AT_ONCE + 1;
    const members = await firstMembers(db, scope.tenantId, ids, most, most);
    if (numberOf(members) < most) return represent(db, scope, type, withMembers(rows, members), projection);
  }
  const counts = await memberCounts(db, scope.tenantId, ids, MAX_MEMBERS_LISTED + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total > MAX_MEMBERS_LISTED && ids.length > 1) throw tooManyMembers(ids.length, attribute);
  return found.map((row) => {
    return { id: row.id, type, row, projection, members: { attribute, count: counts.get(row.id) ?? 0 } };
  });
}

/**
 * The texts of the resources of a page, as fast as somebody takes them. Nothing is held open in the database meanwhile: a document
 * that was not read with the page is that which there is when it is its turn, one that is gone by then is left out, and members
 * are those that a group has then, and of a group with many those of each part.
 */
export async function* pageText(
  db: Database,
  scope: Scope,
  page: Page,
): AsyncGenerator<string | AsyncIterable<string>> {
  let rows: ReadonlyMap<string, FoundResource | undefined> = new Map();
  let members: ReadonlyMap<string, readonly MemberRow[]> = new Map();
  for (const [place, one] of page.entries()) {
    if (typeof one === 'string') {
      yield one;
      continue;
    }
    if (!isWhole(one.row) && !rows.has(one.id)) rows = await readRows(db, scope, page.slice(place));
    const row = isWhole(one.row) ? one.row : rows.get(one.id);
    if (!row) continue;
    if (!one.members) {
      yield textOf(db, scope, one, row);
      continue;
    }
    if (one.members.count <= MEMBERS_IN_PART && !members.has(one.id)) {
      members = await firstMembers(db, scope.tenantId, nextToRead(page, place), MEMBERS_IN_PART + 1);
    }
    const read = members.get(one.id) ?? [];
    // It may have grown since it was counted.
    const isLarge = one.members.count > MEMBERS_IN_PART || read.length > MEMBERS_IN_PART;
    yield isLarge
      ? textOfPresent(db, scope, one.type, row, one.members.attribute, one.projection)
      : textOf(db, scope, one, { ...row, members: read });
  }
}

/** The rows of the first resources of the page's rest that were not read with it, by id. */
async function readRows(
  db: Database,
  { tenantId }: Scope,
  rest: Page,
): Promise<ReadonlyMap<string, FoundResource | undefined>> {
  const unread = rest.filter((one) => typeof one !== 'string' && !isWhole(one.row)) as Unread[];
  const groups = unread.some(({ type, projection }) => readingFor(type, projection).groups);
  const asked = readTogether(unread.map(({ row }) => row));
  const read = await rowsOfPage(db, tenantId, asked, { groups });
  return new Map(asked.map(({ id }) => [id, read.get(id)]));
}

/** The groups from that place on whose members fit into a part together. */
function nextToRead(page: Page, place: number): string[] {
  const ids: string[] = [];
  let count = 0;
  for (const one of page.slice(place)) {
    if (typeof one === 'string' || !one.members || one.members.count > MEMBERS_IN_PART) continue;
    count += one.members.count;
    if (ids.length > 0 && count > MEMBERS_IN_PART) break;
    ids.push(one.id);
  }
  return ids;
}

async function textOf(
  db: Database,
  scope: Scope,
  { type, projection }: Unread,
  row: FoundResource & { readonly members?: readonly MemberRow[] },
): Promise<string> {
  const [shown] = await represent(db, scope, type, [row], projection);
  return shown?.text ?? jsonTextOf(shown?.body ?? {});
}

function numberOf(members: ReadonlyMap<string, readonly MemberRow[]>): number {
  return [...members.values()].reduce((sum, list) => sum + list.length, 0);
}

function withMembers(found: readonly FoundResource[], members: ReadonlyMap<string, readonly MemberRow[]>) {
  return found.map((row) => ({ ...row, members: members.get(row.id) ?? [] }));
}
