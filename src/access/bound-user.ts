import type { JsonObject } from '../schema/json.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { Database } from '../storage/database.ts';
import { findResources } from '../storage/resources.ts';

/** A user to whom credentials are bound. */
export interface BoundUser {
  readonly id: string;
  readonly userName: string;
  /** Whether the user's credentials work: those of a suspended user don't. */
  readonly active: boolean;
}

/** Those of the users that there are, by id. */
export async function boundUsers(
  db: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BoundUser>> {
  const users = new Map<string, BoundUser>();
  for (const [id, row] of await findResources(db, tenantId, ids)) {
    if (row.type !== USER_TYPE.number) continue;
    const { userName, active } = JSON.parse(row.doc) as JsonObject;
    users.set(id, { id, userName: String(userName), active: active !== false });
  }
  return users;
}
