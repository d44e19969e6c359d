import { boundUsers } from '../access/bound-user.ts';
import { clientIdText } from '../access/oauth/client-id.ts';
import type { HostRules } from '../access/oauth/host-rules.ts';
import { keySetProblem, usableKeys } from '../access/oauth/jwk-set.ts';
import { spelled } from '../access/oauth/scopes.ts';
import { prefixFrom } from '../access/token.ts';
import { invalidValue } from '../protocol/errors.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import * as stored from '../storage/oauth-clients.ts';
import { listIssuers } from '../storage/oauth-issuers.ts';
import type { Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import { aboutClient, clientPrefix, noClient } from './client-named.ts';
import { clientScopesAsked } from './client-scopes.ts';
import { newSecret, shownSecret } from './client-secrets.ts';
import type { Context } from './context.ts';
import { allowedIpsAsked, labelAsked } from './credentials.ts';
import { keyUrlAsked } from './key-url.ts';
import type { Operator } from './operator.ts';
import { userNamed } from './user-named.ts';

type OAuthClient = stored.OAuthClient;

/** What a new client is asked to be. */
export interface NewClient {
  /** Left out: reading and writing. */
  readonly scopes?: readonly string[];
  readonly label?: string;
  /** userName or id of the user whom /Me means for its tokens. */
  readonly user?: string;
  /** Its public keys (RFC 7517 §5), with which it signs assertions instead of sending a secret. */
  readonly jwks?: JsonValue;
  /** Where it publishes those keys. */
  readonly jwksUri?: string;
  /** Networks from which it and its tokens may be used; left out: all. */
  readonly allowedIps?: readonly string[];
  /** Until when its secret is good; left out: two years. */
  readonly secretExpiresAt?: string;
}

/** A client as it is handed out, with its secret, which is kept nowhere; one with keys of its own has none. */
export interface CreatedClient {
  readonly client: OAuthClient;
  readonly secret?: string;
}

/** Registers an OAuth client for the tenant. */
export async function createClient(
  context: Context,
  operator: Operator,
  hosts: HostRules,
  tenant: Tenant,
  asked: NewClient = {},
): Promise<CreatedClient> {
  const { jwks, jwksUri } = keysAsked(hosts, asked);
  const client = { ...(await newClient(context, tenant, asked)), jwks, jwksUri };
  const withKeys = jwks !== null || jwksUri !== null;
  if (withKeys && asked.secretExpiresAt !== undefined) {
    throw invalidValue('A client with keys of its own has no secret; leave secretExpiresAt out.');
  }
  const secret = withKeys ? undefined : newSecret(context, client, asked.secretExpiresAt);
  return administer(context, operator, tenant, async ({ tx }) => {
    await stored.insertClient(tx, client);
    if (secret) await stored.insertSecret(tx, secret.kept);
    const result = secret ? { client, secret: secret.text } : { client };
    return { result, done: aboutClient('client-created', client, { scopes: spelled(client.scopes) }) };
  });
}

/** What is new about any client, those for which an issuer vouches included. */
export async function newClient(
  context: Context,
  tenant: Tenant,
  asked: Pick<NewClient, 'scopes' | 'label' | 'user' | 'allowedIps'>,
): Promise<OAuthClient> {
  return {
    tenantId: tenant.id,
    id: context.newId(),
    prefix: prefixFrom(context.newSecret()),
    scopes: clientScopesAsked(tenant, asked.scopes),
    label: labelAsked(asked.label),
    userId: asked.user === undefined ? null : await userNamed(context.db, tenant, asked.user),
    jwks: null,
    jwksUri: null,
    allowedIps: allowedIpsAsked(asked.allowedIps),
    createdAt: context.clock(),
    revokedAt: null,
    lastUsedAt: null,
  };
}

/** Every client of the tenant that authenticates by itself, revoked ones too, the oldest first. */
export async function listClients(context: Context, tenant: Tenant): Promise<OAuthClient[]> {
  const vouchedFor = new Set((await listIssuers(context.db, tenant.id)).map(({ clientId }) => clientId));
  return (await stored.listClients(context.db, tenant.id)).filter(({ id }) => !vouchedFor.has(id));
}

/** Revokes the client that the client_id or prefix names, for good; throws 404. Doing it twice is harmless. */
export async function revokeClient(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  named: string,
): Promise<OAuthClient> {
  return administer(context, operator, tenant, async ({ tx, at }) => {
    const prefix = clientPrefix(tenant, named);
    const before = await stored.lockClient(tx, tenant.id, prefix);
    const client = before && (await stored.revokeClient(tx, tenant.id, prefix, at));
    if (!client) throw noClient(tenant, named);
    return { result: client, ...(before.revokedAt === null && { done: aboutClient('client-revoked', client) }) };
  });
}

/** The clients as commands and the admin API show them. */
export async function showClients(context: Context, clients: readonly OAuthClient[]): Promise<JsonObject[]> {
  const [first] = clients;
  if (!first) return [];
  const users = await boundUsers(context.db, first.tenantId, [
    ...new Set(clients.flatMap(({ userId }) => userId ?? [])),
  ]);
  const secrets = await stored.secretsOf(
    context.db,
    first.tenantId,
    clients.map(({ id }) => id),
  );
  const now = context.clock();
  return clients.map((client) => {
    const { userId, jwks } = client;
    return {
      client_id: clientIdText(client),
      prefix: client.prefix,
      scopes: spelled(client.scopes),
      label: client.label,
      user: userId === null ? null : { id: userId, userName: users.get(userId)?.userName ?? null },
      allowedIps: client.allowedIps,
      status: statusOf(client, userId === null || users.get(userId)?.active === true),
      secrets: secrets.filter(({ clientId }) => clientId === client.id).map((secret) => shownSecret(secret, now)),
      ...(jwks === null ? {} : { jwks: JSON.parse(jwks) as JsonObject }),
      ...(client.jwksUri === null ? {} : { jwksUri: client.jwksUri }),
      createdAt: client.createdAt.toISOString(),
      revokedAt: client.revokedAt?.toISOString() ?? null,
      lastUsedAt: client.lastUsedAt?.toISOString() ?? null,
    };
  });
}

/** One client as commands and the admin API show it. */
export async function showClient(context: Context, client: OAuthClient): Promise<JsonObject> {
  const [shown = {}] = await showClients(context, [client]);
  return shown;
}

function statusOf({ revokedAt }: OAuthClient, userActive: boolean): 'live' | 'revoked' | 'suspended' {
  if (revokedAt) return 'revoked';
  return userActive ? 'live' : 'suspended';
}

function keysAsked(hosts: HostRules, { jwks, jwksUri }: NewClient): Pick<OAuthClient, 'jwks' | 'jwksUri'> {
  if (jwks !== undefined && jwksUri !== undefined) throw invalidValue('Send jwks or jwksUri, not both.');
  if (jwksUri !== undefined) return { jwks: null, jwksUri: keyUrlAsked(hosts, 'jwksUri', jwksUri) };
  if (jwks === undefined) return { jwks: null, jwksUri: null };
  const problem = keySetProblem(jwks);
  if (problem !== undefined) throw invalidValue(`jwks ${problem}.`);
  return { jwks: JSON.stringify(usableKeys(jwks as JsonObject)), jwksUri: null };
}
