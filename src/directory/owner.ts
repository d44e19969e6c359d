import { notFound } from '../protocol/errors.ts';
import { projectionOf } from '../protocol/projection.ts';
import type { JsonObject } from '../schema/json.ts';
import { parseJson } from '../schema/json-text.ts';
import { typeNamed } from '../schema/registry.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { inTransaction } from '../storage/database.ts';
import { findResource } from '../storage/resources.ts';
import { findTenantById, setOwner, type Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { createResource } from './create.ts';
import { type Operator, operatorScope } from './operator.ts';
import { userNamed } from './user-named.ts';

/** Creates the user with that userName and makes it the tenant's owner. */
export async function createOwner(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  userName: string,
): Promise<Tenant> {
  const scope = await operatorScope(context.db, operator, tenant);
  const type = typeNamed(scope.dialect.registry, USER_TYPE.name) ?? USER_TYPE;
  const body = { schemas: [type.schema.id], userName };
  const { id } = await createResource(context, scope, type, body, projectionOf(type, {}));
  await setOwner(context.db, tenant.id, id, context.clock());
  return { ...tenant, ownerId: id };
}

/** Makes the user with that userName, in any letter case, or id the tenant's owner; null leaves it without one. */
export async function changeOwner(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  userName: string | null,
): Promise<Tenant> {
  const changed = await inTransaction(context.db, async (tx) => {
    const ownerId = userName === null ? null : await userNamed(tx, tenant, userName);
    await setOwner(tx, tenant.id, ownerId, context.clock());
    return findTenantById(tx, tenant.id);
  });
  operator.tenantChanged(tenant.id);
  if (!changed) throw notFound(`There is no tenant "${tenant.slug}".`);
  return changed;
}

/** The tenant's owner, as far as operators need to know; null when it has none. */
export async function ownerOf(context: Context, tenant: Tenant): Promise<JsonObject | null> {
  if (tenant.ownerId === undefined) return null;
  const row = await findResource(context.db, tenant.id, USER_TYPE.number, tenant.ownerId);
  if (!row) return null;
  const { userName = null } = parseJson(row.doc) as JsonObject;
  return { id: row.id, userName };
}
