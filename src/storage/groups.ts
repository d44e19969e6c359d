import { type SQL, sql } from 'drizzle-orm';
import type { Value } from './prebuilt.ts';

/** A group that a resource is in. */
export interface GroupRow {
  readonly id: string;
  readonly display: string | null;
  /** False when it is in it through nested groups only. */
  readonly direct: boolean;
}

/** What `groupsColumn` has where a group is in groups itself: `allGroupsColumn` tells all of them. */
const NESTED = '';

/**
 * The groups that `resources r` is in, as text for `groupRows`; null where it is in none. They are read with the resource, so
 * that all is of one moment. Only direct ones: to start a recursion costs a multiple of all else, and few need it, which
 * `isNested` tells.
 */
export function groupsColumn(tenantId: Value): SQL {
  // Each a look-up by key. Other ways of writing it let the planner read all resources of a tenant that is younger than its
  // statistics, or all memberships.
  const display = sql`(select g.display from resources g where g.tenant_id = ${tenantId}::uuid and g.id = m.group_id)`;
  const isIn = sql`(select true from members u where u.tenant_id = ${tenantId}::uuid and u.member_id = m.group_id limit 1)`;
  return sql`(select case when bool_or(${isIn}) then ${sql.raw(`'${NESTED}'`)} else
      json_agg(json_build_array(m.group_id, ${display}, true) order by m.group_id)::text end
    from members m where m.tenant_id = ${tenantId}::uuid and m.member_id = r.id)`;
}

/** Whether the groups that were read with a resource are in groups themselves, so that they are not all. */
export function isNested(groups: string | null | undefined): boolean {
  return groups === NESTED;
}

/** All groups that `resources r` is in, directly or through nested groups; groups that contain each other do no harm. */
export function allGroupsColumn(tenantId: Value): SQL {
  const direct = sql`m.tenant_id = ${tenantId}::uuid and m.member_id = r.id`;
  // How many groups come out of the recursion the planner can't know. It guesses a hundred and would rather read all
  // resources of a small tenant than look them up, for each resource of a page again; the limit leaves it the look-up by key.
  return sql`(with recursive up (group_id) as (
        select m.group_id from members m where ${direct}
        union
        select m.group_id from up u join members m on m.tenant_id = ${tenantId}::uuid and m.member_id = u.group_id
      )
      select json_agg(json_build_array(g.id, g.display, exists (
        select 1 from members m where ${direct} and m.group_id = g.id
      )) order by g.id)::text
      from up u cross join lateral (
        select g.id, g.display from resources g where g.tenant_id = ${tenantId}::uuid and g.id = u.group_id limit 1
      ) g)`;
}

/** The groups of a resource that was read with one of these columns, by id. */
export function groupRows(text: string | null | undefined): GroupRow[] {
  if (!text) return [];
  const found = JSON.parse(text) as [id: string, display: string | null, direct: boolean][];
  return found.map(([id, display, direct]) => ({ id, display, direct }));
}
