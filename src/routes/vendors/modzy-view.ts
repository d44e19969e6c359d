import { publicPrefix } from '../../access/token.ts';
import type { Context } from '../../directory/context.ts';
import { showCredentials } from '../../directory/credentials.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { ORIGIN_SCHEMA, TEAM_SCHEMA } from '../../schema/urns.ts';
import type { Credential } from '../../storage/credentials.ts';
import type { Tenant } from '../../storage/tenants.ts';
import { userView } from './user-view.ts';

/** A tenant, as an account that users belong to. */
export function accountView({ id, slug, createdAt }: Tenant): JsonObject {
  return { identifier: slug, id, name: slug, status: 'active', createdAt: createdAt.toISOString() };
}

/** A user, without keys. */
export function accountUserView(type: ResourceTypeDefinition, user: JsonObject): JsonObject {
  const { id, firstName, lastName, email, status, createdAt, updatedAt } = userView(type, user);
  const { title = null, externalId = null } = user;
  const origin = user[ORIGIN_SCHEMA];
  return {
    identifier: id,
    firstName,
    lastName,
    email,
    title,
    externalIdentifier: externalId,
    source: isObject(origin) ? (origin.source ?? null) : null,
    status,
    createdAt,
    updatedAt,
  };
}

/** A group, as a team. */
export function teamView(group: JsonObject): JsonObject {
  const { id = null, displayName = null } = group;
  const team = group[TEAM_SCHEMA];
  const administrator = isObject(team) ? (team.administrator ?? null) : null;
  return { identifier: id, name: displayName, adminUserIdentifier: administrator };
}

/** Keys, by the prefixes under which they are sent; never a secret. */
export async function keyViews(context: Context, keys: readonly Credential[]): Promise<JsonObject[]> {
  const shown = await showCredentials(context, keys);
  return keys.map((key, index) => ({
    prefix: publicPrefix(key),
    type: key.kind,
    status: statusOf(shown[index]?.status),
    roles: key.roles.map((identifier) => ({ identifier })),
    user: key.userId,
    team: key.groupId,
  }));
}

/** "a team key with status active" */
function statusOf(status: JsonValue | undefined): JsonValue {
  return status === 'live' ? 'active' : (status ?? null);
}
