import { allowedBy, CLIENT_SCOPES, REQUESTED_SCOPES, SCIM_SCOPE } from '../access/oauth/scopes.ts';
import { profileOf } from '../access/tenant-profile.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { Tenant } from '../storage/tenants.ts';

/** The scopes that a client of the tenant is to have; left out: reading and writing in the API that the tenant has. */
export function clientScopesAsked(tenant: Tenant, asked: readonly string[] | undefined): string[] {
  const { name, scim, rest, restScheme } = profileOf(tenant);
  const bearerRest = rest !== null && restScheme === 'bearer';
  if (!scim && !bearerRest) {
    throw invalidValue(
      `The profile ${name} has no API that takes bearer tokens, so clients have no use there; issue a key for its REST API.`,
    );
  }
  const scopes = asked ?? (scim ? [SCIM_SCOPE] : ['user:read', 'user:write']);
  const unknown = scopes.find((scope) => !REQUESTED_SCOPES.includes(scope));
  if (unknown !== undefined || scopes.length === 0) {
    const problem =
      unknown === undefined ? 'A client needs a scope' : `A client can't have the scope "${abridged(unknown)}"`;
    throw invalidValue(`${problem}; the scopes are ${SCIM_SCOPE} (both of SCIM), ${CLIENT_SCOPES.join(', ')}.`);
  }
  return allowedBy(scopes);
}
