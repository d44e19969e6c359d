import { profileOf } from '../access/tenant-profile.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type Credential, type CredentialKind, setCredentialRoles } from '../storage/credentials.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';

/** The roles as a key has them: each once, in the order of the profile. Throws 400 for one that the profile lacks. */
export function keyRolesAsked(tenant: Tenant, asked: readonly string[]): string[] {
  const { name, keyRoles } = profileOf(tenant);
  const unknown = asked.find((role) => !keyRoles.names.includes(role));
  if (unknown === undefined) return keyRoles.names.filter((role) => asked.includes(role));
  if (keyRoles.names.length === 0) throw invalidValue(`Keys of the profile ${name} have no roles; name none.`);
  throw invalidValue(`There is no role "${abridged(unknown)}"; the roles are ${keyRoles.names.join(', ')}.`);
}

/** The roles of a key that was issued without naming any. */
export function defaultKeyRoles(tenant: Tenant, api: 'scim' | 'rest', kind: CredentialKind): readonly string[] {
  return api === 'rest' && kind === 'organization' ? profileOf(tenant).keyRoles.ofOrganization : [];
}

/** Gives a live key these roles instead of those that it has. */
export async function changeKeyRoles(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  key: Credential,
  roles: readonly string[],
): Promise<Credential> {
  const changed = await setCredentialRoles(context.db, tenant.id, key.id, keyRolesAsked(tenant, roles));
  operator.tenantChanged(tenant.id);
  if (changed) return changed;
  throw notFound(`The key ${key.prefix} is revoked; a live one can have roles.`);
}
