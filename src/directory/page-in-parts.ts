import { MAX_MEMBERS_AT_ONCE, MAX_MEMBERS_LISTED } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import type { MemberRow } from '../storage/members.ts';
import { firstMembers, memberCounts, membersInTurn } from '../storage/page-members.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Scope } from './context.ts';
import { groupText, MEMBERS_IN_PART, membersWanted } from './members-in-parts.ts';
import { type Representation, represent, tooManyMembers } from './representation.ts';

/** A group on a page that is answered in parts: its members are read when it is its turn. */
export interface Unread {
  readonly id: string;
  readonly type: ResourceTypeDefinition;
  readonly row: ResourceRow;
  readonly projection: Projection;
  readonly attribute: string;
  /** How many members it had when the page was read. */
  readonly count: number;
}

/**
 * What is answered of resources of a type that are on one page: those of groups as Unread where they have more members
 * together than are answered at once.
 */
export async function representPage(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  found: readonly ResourceRow[],
  projection: Projection,
): Promise<(Representation | Unread)[]> {
  const attribute = membersWanted(type, projection);
  if (attribute === undefined || scope.past) return represent(db, scope, type, found, projection);
  const ids = found.map(({ id }) => id);
  const most = MAX_MEMBERS_AT_ONCE + 1;
  const members = await firstMembers(db, scope.tenantId, ids, most, most);
  if (numberOf(members) < most) return represent(db, scope, type, withMembers(found, members), projection);
  const counts = await memberCounts(db, scope.tenantId, ids, MAX_MEMBERS_LISTED + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total > MAX_MEMBERS_LISTED && ids.length > 1) throw tooManyMembers(ids.length, attribute);
  return found.map((row) => ({ id: row.id, type, row, projection, attribute, count: counts.get(row.id) ?? 0 }));
}

/**
 * The texts of the resources of a page with commas between them, as fast as somebody takes them. Nothing is held open in the
 * database meanwhile: members are those that a group has when it is its turn, and of a group with many those of each part.
 */
export async function* pageText(
  db: Database,
  scope: Scope,
  page: readonly (string | Unread)[],
): AsyncGenerator<string> {
  let read: ReadonlyMap<string, readonly MemberRow[]> = new Map();
  for (const [place, one] of page.entries()) {
    if (place > 0) yield ',';
    if (typeof one === 'string') yield one;
    else if (one.count > MEMBERS_IN_PART) yield* textOfLarge(db, scope, one);
    else {
      if (!read.has(one.id))
        read = await firstMembers(db, scope.tenantId, nextToRead(page, place), MEMBERS_IN_PART + 1);
      const members = read.get(one.id) ?? [];
      // It may have grown since it was counted.
      if (members.length > MEMBERS_IN_PART) yield* textOfLarge(db, scope, one);
      else yield textWith(db, scope, one, members);
    }
  }
}

/** The groups from that place on whose members fit into a part together. */
function nextToRead(page: readonly (string | Unread)[], place: number): string[] {
  const ids: string[] = [];
  let count = 0;
  for (const one of page.slice(place)) {
    if (typeof one === 'string' || one.count > MEMBERS_IN_PART) continue;
    count += one.count;
    if (ids.length > 0 && count > MEMBERS_IN_PART) break;
    ids.push(one.id);
  }
  return ids;
}

function textOfLarge(db: Database, scope: Scope, { type, row, projection, attribute }: Unread): AsyncGenerator<string> {
  const members = membersInTurn(db, scope.tenantId, row.id, MEMBERS_IN_PART);
  return groupText(scope, type, row, attribute, projection, members);
}

async function textWith(
  db: Database,
  scope: Scope,
  { type, row, projection }: Unread,
  members: readonly MemberRow[],
): Promise<string> {
  const [shown] = await represent(db, scope, type, [{ ...row, members }], projection);
  return shown?.text ?? jsonTextOf(shown?.body ?? {});
}

function numberOf(members: ReadonlyMap<string, readonly MemberRow[]>): number {
  return [...members.values()].reduce((sum, list) => sum + list.length, 0);
}

function withMembers(found: readonly ResourceRow[], members: ReadonlyMap<string, readonly MemberRow[]>) {
  return found.map((row) => ({ ...row, members: members.get(row.id) ?? [] }));
}
