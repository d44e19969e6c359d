import { projectionOf } from '../protocol/projection.ts';
import type { JsonObject } from '../schema/json.ts';
import { parseJson } from '../schema/json-text.ts';
import { typeNamed } from '../schema/registry.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { Database } from '../storage/database.ts';
import { findResource } from '../storage/resources.ts';
import { findTenantById, setOwner, type Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
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
  return setOwnerId(context, operator, tenant, async () => id);
}

/** Makes the user with that userName, in any letter case, or id the tenant's owner; null leaves it without one. */
export async function changeOwner(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  userName: string | null,
): Promise<Tenant> {
  return setOwnerId(context, operator, tenant, async (tx) => {
    return userName === null ? null : userNamed(tx, tenant, userName);
  });
}

function setOwnerId(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  find: (tx: Database) => Promise<string | null>,
): Promise<Tenant> {
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const after = await find(tx);
    const before = locked.ownerId ?? null;
    if (after === before) return { result: locked };
    await setOwner(tx, locked.id, after, at);
    const result = (await findTenantById(tx, locked.id)) ?? locked;
    return { result, done: { kind: 'owner-changed', attributes: ['owner'], detail: { before, after } } };
  });
}

/** The tenant's owner, as far as operators need to know; null when it has none. */
export async function ownerOf(context: Context, tenant: Tenant): Promise<JsonObject | null> {
  if (tenant.ownerId === undefined) return null;
  const row = await findResource(context.db, tenant.id, USER_TYPE.number, tenant.ownerId);
  if (!row) return null;
  const { userName = null } = parseJson(row.doc) as JsonObject;
  return { id: row.id, userName };
}
