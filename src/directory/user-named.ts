import { notFound } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import { MAX_KEY_LENGTH } from '../protocol/limits.ts';
import { fold } from '../schema/fold.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { Database } from '../storage/database.ts';
import { idByUniqueKey, lockResource } from '../storage/resources.ts';
import type { Tenant } from '../storage/tenants.ts';

/**
 * The id of the tenant's user with that id, or with that userName in any letter case; throws 404. In a transaction the user
 * can't be deleted until it ends.
 */
export async function userNamed(tx: Database, tenant: Tenant, idOrUserName: string): Promise<string> {
  const possible = idOrUserName.length <= MAX_KEY_LENGTH && !unstorable(idOrUserName);
  const byId = possible ? await lockResource(tx, tenant.id, USER_TYPE.number, idOrUserName) : undefined;
  if (byId) return byId.id;
  const id = possible ? await idByUniqueKey(tx, tenant.id, USER_TYPE.number, fold(idOrUserName)) : undefined;
  const row = id === undefined ? undefined : await lockResource(tx, tenant.id, USER_TYPE.number, id);
  if (row) return row.id;
  throw notFound(`The tenant "${tenant.slug}" has no user "${abridged(idOrUserName)}"; create the user first.`);
}
