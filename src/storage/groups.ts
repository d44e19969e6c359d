import { type SQL, sql } from 'drizzle-orm';

/** A group that a resource is in. */
export interface GroupRow {
  readonly id: string;
  readonly display: string | null;
  /** False when it is in it through nested groups only. */
  readonly direct: boolean;
}

/**
 * The groups that `resources r` is in, directly or through nested groups, as text for `groupRows`. It is read with the
 * resource, so that both are of one moment; groups that contain each other do no harm.
 */
export function groupsColumn(tenantId: string): SQL {
  const direct = sql`m.tenant_id = ${tenantId}::uuid and m.member_id = r.id`;
  // Most resources are in no group and cost a look at an index; only the others are worth a recursion. How many groups come
  // out of it the planner can't know. It guesses a hundred and would rather read all resources of a small tenant than look
  // them up, for each resource of a page again; the limit leaves it the look-up by key alone.
  return sql`case when exists (select 1 from members m where ${direct}) then (
      with recursive up (group_id) as (
        select m.group_id from members m where ${direct}
        union
        select m.group_id from up u join members m on m.tenant_id = ${tenantId}::uuid and m.member_id = u.group_id
      )
      select json_agg(json_build_object('id', g.id, 'display', g.display, 'direct', exists (
        select 1 from members m where ${direct} and m.group_id = g.id
      )) order by g.id)::text
      from up u cross join lateral (
        select g.id, g.display from resources g where g.tenant_id = ${tenantId}::uuid and g.id = u.group_id limit 1
      ) g
    ) end`;
}

/** The groups of a resource that was read with `groupsColumn`, by id. */
export function groupRows(text: string | null | undefined): GroupRow[] {
  return text ? (JSON.parse(text) as GroupRow[]) : [];
}
