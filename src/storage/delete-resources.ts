import { sql } from 'drizzle-orm';
import type { Membership } from '../protocol/membership.ts';
import { type EventBlank, type EventRow, eventsInserted, eventValues } from './events.ts';
import { type Database, rows } from './handle.ts';
import { columnOf, oneOrMany } from './one-or-many.ts';

/** What is deleted beside resources, and what is spared. */
export interface DeleteOptions {
  /** Events that tell of the deletions. */
  readonly events?: readonly EventRow[];
  /** Leaves the tenant's owner as it is. */
  readonly sparingOwner?: boolean;
}

/** What was deleted. */
export interface Deleted {
  readonly ids: ReadonlySet<string>;
  /** Memberships that groups which are still there lost by it. */
  readonly lost: readonly Membership[];
}

/** Deletes resources, their indexed and unique values and their memberships in both directions. */
export async function deleteResources(
  tx: Database,
  tenantId: string,
  ids: readonly string[],
  { events = [], sparingOwner = false }: DeleteOptions = {},
): Promise<Deleted> {
  const deletion = ids.length === 1 ? DELETION.one : DELETION.many;
  const id = columnOf(ids)((one) => one);
  const deleted = await rows<{ id: string }>(tx, deletion({ tenantId, id, sparingOwner, ...eventValues(events) }));
  const gone = deleted.map((row) => row.id);
  if (gone.length === 0) return { ids: new Set(), lost: [] };
  // A statement of its own: the deletion waited for those who were just adding the resource to a group, and only what
  // starts after it sees their rows.
  const emptying = gone.length === 1 ? EMPTYING.one : EMPTYING.many;
  const lost = await rows<Membership>(tx, emptying({ tenantId, id: columnOf(gone)((one) => one) }));
  return { ids: new Set(gone), lost };
}

const DELETION = oneOrMany<'tenantId' | 'sparingOwner' | EventBlank>((blanks, { among, written }) => {
  const { tenantId, sparingOwner } = blanks;
  // The resources as a condition of their own, so that their values are looked up whatever the statistics say.
  const ofThose = sql`tenant_id = ${tenantId}::uuid and ${among(sql`resource_id`)} and (${written(sql`resource_id`)}) is true`;
  return sql`with written as (
      delete from resources r where r.tenant_id = ${tenantId}::uuid and ${among(sql`r.id`)}
        and not (${sparingOwner}::boolean and exists (
          select 1 from tenants t where t.id = ${tenantId}::uuid and t.owner_id = r.id
        )) returning r.id
    ), removed as (
      delete from attribute_values where ${ofThose}
    ), freed as (
      delete from unique_values where ${ofThose}
    ), recorded as (
      ${eventsInserted(tenantId, blanks, written(sql`e.resource_id`))}
    ) select id from written`;
});

const EMPTYING = oneOrMany<'tenantId'>(
  ({ tenantId }, { among }) =>
    sql`with emptied as (delete from members where tenant_id = ${tenantId}::uuid and ${among(sql`group_id`)})
      delete from members where tenant_id = ${tenantId}::uuid and ${among(sql`member_id`)}
        and not ${among(sql`group_id`)}
      returning group_id as "group", member_id as member`,
);
