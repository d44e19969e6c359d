import { sql } from 'drizzle-orm';
import type { ScimError } from '../protocol/errors.ts';
import type { MembershipStep } from '../protocol/patch/membership.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { among, unsized } from './listed.ts';
import { applyMembership, type MembershipRules, membersAdded, refusalOf, unknownMember } from './membership.ts';

/** What happens to the members of a group, whose row is locked by the caller. */
export interface MembershipPlan {
  readonly groupId: string;
  readonly steps: readonly MembershipStep[];
}

/**
 * Carries out the plans, each of another group, and gives the ids of the groups where any membership changed. Groups that
 * only gain members are done at once, the others one after the other.
 */
export async function applyMemberships(
  tx: Database,
  rules: MembershipRules,
  plans: readonly MembershipPlan[],
): Promise<Set<string>> {
  const changed = new Set<string>();
  const additions = plans.filter(({ steps }) => steps.every((step) => step.kind === 'add'));
  const together = new Set(additions.length > 1 ? additions : []);
  for (const id of await addToGroups(tx, rules, [...together])) changed.add(id);
  for (const plan of plans) {
    if (together.has(plan)) continue;
    if (await applyMembership(tx, { ...rules, groupId: plan.groupId }, plan.steps)) changed.add(plan.groupId);
  }
  return changed;
}

/**
 * Why members that the plans add can't be, by group: each names no resource, nor one of `arriving`, which are stored before
 * the plans are carried out. What is known is locked against deletion until the transaction ends.
 */
export async function refusedMembers(
  tx: Database,
  rules: MembershipRules,
  plans: readonly MembershipPlan[],
  arriving: ReadonlySet<string>,
): Promise<Map<string, ScimError>> {
  const refused = new Map<string, ScimError>();
  const added = plans.map(({ groupId, steps }) => ({ groupId, members: steps.flatMap(membersAdded) }));
  const asked = new Set(added.flatMap(({ members }) => members.map((member) => member.value)));
  if (asked.size === 0) return refused;
  const found = await rows<{ id: string }>(
    tx,
    sql`select r.id from resources r where r.tenant_id = ${rules.tenantId}::uuid
      and ${among(sql`r.id`, [...asked].filter(isId))}
      and ${among(sql`r.type`, rules.memberTypes, 'smallint')} order by r.id for key share`,
  );
  const known = new Set([...found.map((row) => row.id), ...arriving]);
  for (const { groupId, members } of added) {
    for (const member of members) {
      const refusal =
        refusalOf(member, groupId, rules) ?? (known.has(member.value) ? undefined : unknownMember(member.value, rules));
      if (refusal && !refused.has(groupId)) refused.set(groupId, refusal);
    }
  }
  return refused;
}

/** Adds members to several groups; what is unknown was refused before, or is left out. Gives the groups that changed. */
async function addToGroups(tx: Database, rules: MembershipRules, plans: readonly MembershipPlan[]): Promise<string[]> {
  const pairs = plans.flatMap(({ groupId, steps }) =>
    steps
      .flatMap(membersAdded)
      .filter((member) => refusalOf(member, groupId, rules) === undefined)
      .map(({ value }) => ({ groupId, value })),
  );
  if (pairs.length === 0) return [];
  const tenant = sql`${rules.tenantId}::uuid`;
  const ids = [...new Set(pairs.map((pair) => pair.value))];
  const changed = await rows<{ group: string }>(
    tx,
    sql`with asked (group_id, id) as (select distinct a.group_id, a.id
        from unnest(${unsized(sql`${sql.param(pairs.map((pair) => pair.groupId))}::uuid[]`)},
          ${sql.param(pairs.map((pair) => pair.value))}::uuid[]) as a (group_id, id)),
      known as materialized (
        select r.id, r.type from resources r where r.tenant_id = ${tenant} and ${among(sql`r.id`, ids)}
          and ${among(sql`r.type`, rules.memberTypes, 'smallint')}
        order by r.id for key share
      ),
      added as (
        insert into members (tenant_id, group_id, member_id, type)
        select ${tenant}, a.group_id, k.id, k.type from asked a join known k on k.id = a.id
        on conflict do nothing returning group_id
      )
      select distinct group_id as "group" from added`,
  );
  return changed.map((row) => row.group);
}
