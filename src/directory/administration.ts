import { ADMINISTRATION, type AdminKind } from '../events/kinds.ts';
import { notFound } from '../protocol/errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { insertEvents } from '../storage/events.ts';
import { lockTenant, type Tenant } from '../storage/tenants.ts';
import type { Acting, Context } from './context.ts';
import type { Operator } from './operator.ts';
import { newEvent } from './record.ts';

/** What was done to a tenant or to a credential of it, as an event tells of it. */
export interface Administered {
  readonly kind: AdminKind;
  /** What of it changed, by the names under which the admin API shows it. */
  readonly attributes: readonly string[];
  /** What there is to know of it: no secret, and no more of persons than ids. */
  readonly detail: JsonObject;
  /** Of a credential its id. */
  readonly credentialId?: string;
}

/** A tenant that nobody else changes until the transaction ends. */
export interface LockedTenant {
  readonly tx: Database;
  readonly tenant: Tenant;
  readonly at: Date;
}

/** What came of a change of a tenant; without `done` nothing was changed. */
export interface Administration<T> {
  readonly result: T;
  readonly done?: Administered;
}

/** Changes a tenant, one change after the other, and stores with it the event that tells of it. */
export async function administer<T>(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  change: (locked: LockedTenant) => Promise<Administration<T>>,
): Promise<T> {
  const result = await inTransaction(context.db, async (tx) => {
    const locked = await lockTenant(tx, tenant.id);
    if (!locked) throw notFound(`There is no tenant "${tenant.slug}".`);
    const { result, done } = await change({ tx, tenant: locked, at: context.clock() });
    if (done) await recordAdministration(tx, context, operator, tenant.id, done);
    return result;
  });
  operator.tenantChanged(tenant.id);
  return result;
}

/** Stores the event of what was done, in the transaction in which it was. */
export async function recordAdministration(
  tx: Database,
  context: Context,
  by: Acting,
  tenantId: string,
  { kind, attributes, detail, credentialId }: Administered,
): Promise<void> {
  const about = { typeNumber: ADMINISTRATION, resourceId: credentialId ?? tenantId, version: 0 };
  const told = { kind, ...about, attributes, detail, at: context.clock() };
  await insertEvents(tx, [newEvent(context, { ...by, tenantId }, told)]);
}
