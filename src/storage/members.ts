import { sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { among, unsized } from './listed.ts';

export { applyMembership, type MembershipContext, type MembershipRules } from './membership.ts';
export { applyMemberships, type MembershipPlan, refusedMembers } from './memberships.ts';

/** A member of a group, as references show it. */
export interface MemberRow {
  readonly id: string;
  readonly type: number;
  readonly display: string | null;
}

/** The members of the groups, each group's by id; with `most`, no more than that of all groups together. */
export async function membersOf(
  db: Database,
  tenantId: string,
  groupIds: readonly string[],
  most?: number,
): Promise<Map<string, MemberRow[]>> {
  const found = await rows<MemberRow & { group: string }>(
    db,
    sql`select m.group_id as "group", m.member_id as id, m.type, r.display
      from members m join resources r on r.tenant_id = ${tenantId}::uuid and r.id = m.member_id
      where m.tenant_id = ${tenantId}::uuid and ${among(sql`m.group_id`, groupIds)}
      order by m.group_id, m.member_id limit ${most ?? null}::int`,
  );
  return gathered(
    groupIds,
    found.map(({ group, ...member }) => [group, member]),
  );
}

/** Whether the group has more members than that; reads no more of them than it takes to tell. */
export async function hasMoreMembersThan(
  db: Database,
  tenantId: string,
  groupId: string,
  limit: number,
): Promise<boolean> {
  const [found] = await rows<{ more: boolean }>(
    db,
    sql`select count(*) > ${limit}::int as more from (
      select 1 from members where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid limit ${limit + 1}::int
    ) m`,
  );
  return found?.more === true;
}

/** The groups that have one of the resources as a member themselves, by member. */
export async function groupsContaining(
  db: Database,
  tenantId: string,
  memberIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await rows<{ member: string; group: string }>(
    db,
    sql`select m.member_id as member, m.group_id as "group" from members m
      where m.tenant_id = ${tenantId}::uuid and ${among(sql`m.member_id`, memberIds)}`,
  );
  return gathered(
    memberIds,
    found.map(({ member, group }) => [member, group]),
  );
}

/**
 * Makes new versions of groups, because their members changed: as many of each as it is named times. Gives the last
 * versions, by id.
 */
export async function touchGroups(
  tx: Database,
  tenantId: string,
  groupIds: readonly string[],
  at: Date,
): Promise<{ id: string; version: number }[]> {
  if (groupIds.length === 0) return [];
  const times = new Map<string, number>();
  for (const id of groupIds) times.set(id, (times.get(id) ?? 0) + 1);
  const ids = [...times.keys()];
  // Locked in the order of ids, so that two that touch the same groups can't wait for each other.
  const touched = await rows<{ id: string; version: number }>(
    tx,
    sql`with locked as materialized (
        select r.id, n.times from resources r join unnest(${unsized(sql`${sql.param(ids)}::uuid[]`)},
          ${sql.param([...times.values()])}::int[]) as n (id, times) on n.id = r.id
        where r.tenant_id = ${tenantId}::uuid and ${among(sql`r.id`, ids)} order by r.id for no key update of r
      )
      update resources r set version = r.version + locked.times, updated_at = ${at.toISOString()}::timestamptz from locked
      where r.tenant_id = ${tenantId}::uuid and r.id = locked.id and ${among(sql`r.id`, ids)} returning r.id, r.version`,
  );
  return touched.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Each asked-for key with what was found for it, none of them missing. */
function gathered<T>(keys: readonly string[], found: readonly (readonly [string, T])[]): Map<string, T[]> {
  const lists = new Map<string, T[]>(keys.map((key) => [key, []]));
  for (const [key, value] of found) lists.get(key)?.push(value);
  return lists;
}
