import { parseClientId } from '../access/oauth/client-id.ts';
import { notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import type { OAuthClient } from '../storage/oauth-clients.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Administered } from './administration.ts';

/** The prefix of the client that a client_id or prefix names, as far as it can be one of the tenant's. */
export function clientPrefix(tenant: Tenant, named: string): string {
  const parts = parseClientId(named);
  const prefix = parts === undefined || parts.tenantId === tenant.id ? (parts?.prefix ?? named) : '';
  return /^[a-z0-9]{8}$/.test(prefix) ? prefix : '';
}

/** What was done to a client, for the event that tells of it. */
export function aboutClient(
  kind: Administered['kind'],
  { id, prefix }: OAuthClient,
  detail: JsonObject = {},
): Administered {
  return { kind, attributes: [], detail: { prefix, ...detail }, credentialId: id };
}

/** The 404 for a client that the tenant does not have. */
export function noClient(tenant: Tenant, named: string): Error {
  return notFound(`The tenant "${tenant.slug}" has no client with the client_id or prefix "${abridged(named)}".`);
}
