import { sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { LOWEST_ID } from './ids.ts';
import { unsized } from './listed.ts';
import type { MemberRow } from './members.ts';
import { prebuilt } from './prebuilt.ts';

/**
 * The members of the groups, each group's by id: so many of each group at most, and no more than that of all of them together.
 * It goes from group to group, and has each in order: where some groups are large and most are not, a plan for all at once goes
 * through the members of all groups of the tenant.
 */
export async function firstMembers(
  db: Database,
  tenantId: string,
  groupIds: readonly string[],
  ofEach: number,
  most: number = ofEach * groupIds.length,
): Promise<ReadonlyMap<string, readonly MemberRow[]>> {
  const found = await rows<MemberRow & { group: string }>(db, MEMBERS({ tenantId, groupIds, ofEach, most }));
  const members = new Map<string, MemberRow[]>(groupIds.map((id) => [id, []]));
  for (const { group, ...member } of found) members.get(group)?.push(member);
  for (const list of members.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return members;
}

const MEMBERS = prebuilt<'tenantId' | 'groupIds' | 'ofEach' | 'most'>(
  ({ tenantId, groupIds, ofEach, most }) => sql`select g.id as "group", m.member_id as id, m.type, r.display
    from unnest(${unsized(sql`${groupIds}::uuid[]`)}) as g (id)
    cross join lateral (select s.member_id, s.type from members s
      where s.tenant_id = ${tenantId}::uuid and s.group_id = g.id order by s.member_id limit ${ofEach}::int) m
    join resources r on r.tenant_id = ${tenantId}::uuid and r.id = m.member_id limit ${most}::int`,
);

/** How many members each of the groups has that has any; counts no more than that of all of them together. */
export async function memberCounts(
  db: Database,
  tenantId: string,
  groupIds: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, number>> {
  const found = await rows<{ group: string; n: number }>(db, COUNTS({ tenantId, groupIds, most }));
  return new Map(found.map(({ group, n }) => [group, n]));
}

const COUNTS = prebuilt<'tenantId' | 'groupIds' | 'most'>(
  ({ tenantId, groupIds, most }) => sql`select m.id as "group", count(*)::int as n from (
      select g.id from unnest(${unsized(sql`${groupIds}::uuid[]`)}) as g (id)
      cross join lateral (select s.member_id from members s
        where s.tenant_id = ${tenantId}::uuid and s.group_id = g.id order by s.member_id limit ${most}::int) s
      limit ${most}::int) m group by m.id`,
);

/** The members that the group has when they are read, by id, so many at a time. */
export async function* membersInTurn(
  db: Database,
  tenantId: string,
  groupId: string,
  atATime: number,
): AsyncGenerator<readonly MemberRow[]> {
  for (let after = LOWEST_ID; ; ) {
    const some = await rows<MemberRow>(db, BEHIND({ tenantId, groupId, after, atATime }));
    const last = some.at(-1);
    if (!last) return;
    yield some;
    if (some.length < atATime) return;
    after = last.id;
  }
}

const BEHIND = prebuilt<'tenantId' | 'groupId' | 'after' | 'atATime'>(
  ({ tenantId, groupId, after, atATime }) => sql`select m.member_id as id, m.type, r.display from (
      select s.member_id, s.type from members s where s.tenant_id = ${tenantId}::uuid and s.group_id = ${groupId}::uuid
        and s.member_id > ${after}::uuid order by s.member_id limit ${atATime}::int) m
    left join resources r on r.tenant_id = ${tenantId}::uuid and r.id = m.member_id order by m.member_id`,
);
