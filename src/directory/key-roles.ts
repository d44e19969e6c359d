import { profileOf } from '../access/tenant-profile.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { sameJson } from '../schema/json.ts';
import { type Credential, type CredentialKind, setCredentialRoles } from '../storage/credentials.ts';
import { inTransaction } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import { recordAdministration } from './administration.ts';
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
  const changed = await inTransaction(context.db, async (tx) => {
    const changed = await setCredentialRoles(tx, tenant.id, key.id, keyRolesAsked(tenant, roles), context.clock());
    if (!changed || sameJson(key.roles, changed.roles)) return changed;
    const detail = { prefix: key.prefix, before: [...key.roles], after: [...changed.roles] };
    const done = { kind: 'token-roles-changed', attributes: ['roles'], detail, credentialId: key.id } as const;
    await recordAdministration(tx, context, operator, tenant.id, done);
    return changed;
  });
  operator.tenantChanged(tenant.id);
  if (changed) return changed;
  throw notFound(`The key ${key.prefix} is revoked or expired; a live one can have roles.`);
}
