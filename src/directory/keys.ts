import { profileOf } from '../access/tenant-profile.ts';
import { prefixNamed } from '../access/token.ts';
import { notFound } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import { type Credential, credentialsOfUsers, findCredentialByPrefix } from '../storage/credentials.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';

/**
 * The key of the tenant's REST surface with that prefix, public or short; throws 404. What administers the installation is
 * no key of a tenant.
 */
export async function keyNamed(context: Context, tenant: Tenant, text: string): Promise<Credential> {
  const prefix = prefixNamed(tenant.id, text);
  const found = unstorable(prefix) ? undefined : await findCredentialByPrefix(context.db, tenant.id, prefix);
  if (found && isKey(tenant, found)) return found;
  throw notFound(`There is no key with the prefix "${abridged(text)}".`);
}

/** The keys of each of the users, revoked and expired ones too, the oldest first. */
export async function keysOfUsers(
  context: Context,
  tenant: Tenant,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Credential[]>> {
  const keys = new Map<string, Credential[]>(userIds.map((id) => [id, []]));
  for (const key of await credentialsOfUsers(context.db, tenant.id, userIds)) {
    if (key.userId !== null && isKey(tenant, key)) keys.get(key.userId)?.push(key);
  }
  return keys;
}

function isKey(tenant: Tenant, { scheme, scopes }: Credential): boolean {
  return scheme === profileOf(tenant).restScheme && !scopes.includes('admin');
}
