import { sql } from 'drizzle-orm';
import { type Membership, membershipId } from '../protocol/membership.ts';
import { type Database, rows } from './handle.ts';
import { among, unsized } from './listed.ts';
import type { MembershipRules } from './membership.ts';

/** What became of a membership that was to begin. */
export type Joined = 'joined' | 'present' | 'unknown';

/**
 * Begins memberships, each named once, in groups whose rows are locked by the caller; says by the id of each what became of it. The
 * members are locked against deletion until the transaction ends, so that no membership of a deleted resource stays behind.
 */
export async function joinGroups(
  tx: Database,
  { tenantId, memberTypes }: MembershipRules,
  memberships: readonly Membership[],
): Promise<ReadonlyMap<string, Joined>> {
  if (memberships.length === 0) return new Map();
  const tenant = sql`${tenantId}::uuid`;
  const ids = [...new Set(memberships.map(({ member }) => member))];
  const found = await rows<Membership & { known: boolean; added: boolean }>(
    tx,
    sql`with asked (group_id, id) as (${asked(memberships)}),
      known as materialized (
        select r.id, r.type from resources r where r.tenant_id = ${tenant} and ${among(sql`r.id`, ids)}
          and ${among(sql`r.type`, memberTypes, 'smallint')}
        order by r.id for key share
      ),
      added as (
        insert into members (tenant_id, group_id, member_id, type)
        select ${tenant}, a.group_id, k.id, k.type from asked a join known k on k.id = a.id
        on conflict do nothing returning group_id, member_id
      )
      select a.group_id as "group", a.id as member, exists (select 1 from known k where k.id = a.id) as known,
        exists (select 1 from added n where n.group_id = a.group_id and n.member_id = a.id) as added from asked a`,
  );
  return new Map(
    found.map(({ known, added, ...one }) => [membershipId(one), added ? 'joined' : known ? 'present' : 'unknown']),
  );
}

/** Ends memberships in groups whose rows are locked by the caller; gives the ids of those that there were. */
export async function leaveGroups(
  tx: Database,
  tenantId: string,
  memberships: readonly Membership[],
): Promise<ReadonlySet<string>> {
  if (memberships.length === 0) return new Set();
  const removed = await rows<Membership>(
    tx,
    sql`delete from members m using (${asked(memberships)}) as a (group_id, id)
      where m.tenant_id = ${tenantId}::uuid and m.group_id = a.group_id and m.member_id = a.id
      returning m.group_id as "group", m.member_id as member`,
  );
  return new Set(removed.map(membershipId));
}

function asked(memberships: readonly Membership[]) {
  return sql`select distinct a.group_id, a.id from unnest(${unsized(sql`${sql.param(memberships.map(({ group }) => group))}::uuid[]`)},
    ${sql.param(memberships.map(({ member }) => member))}::uuid[]) as a (group_id, id)`;
}
