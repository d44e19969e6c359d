import { secretText } from '../access/oauth/client-id.ts';
import { hashOfToken, prefixFrom } from '../access/token.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import * as stored from '../storage/oauth-clients.ts';
import { findIssuerOf } from '../storage/oauth-issuers.ts';
import type { Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import { aboutClient, clientPrefix, noClient } from './client-named.ts';
import type { Context } from './context.ts';
import { expiryAsked } from './credentials.ts';
import type { Operator } from './operator.ts';

type ClientSecret = stored.ClientSecret;
type OAuthClient = stored.OAuthClient;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days that a secret is good for where nothing else is asked for. */
export const SECRET_LIFE_DAYS = 730;
/** Most days that a secret can be good for. */
export const MAX_SECRET_LIFE_DAYS = 1096;
/** Most secrets of a client that are good at a time. */
export const MAX_LIVE_SECRETS = 5;

/** A secret as it is handed out: the text, which is kept nowhere, and what is kept of it. */
export interface IssuedSecret {
  readonly text: string;
  readonly kept: ClientSecret;
}

/** A new secret of the client, which is not stored yet. */
export function newSecret(context: Context, client: OAuthClient, expiresAt: string | undefined): IssuedSecret {
  const now = context.clock();
  const prefix = prefixFrom(context.newSecret());
  const text = secretText(prefix, context.newSecret());
  const latest = new Date(now.getTime() + MAX_SECRET_LIFE_DAYS * DAY_MS);
  const expiry = expiryAsked(expiresAt, now) ?? new Date(now.getTime() + SECRET_LIFE_DAYS * DAY_MS);
  if (expiry > latest) {
    throw invalidValue(
      `A secret is good for at most ${MAX_SECRET_LIFE_DAYS} days, here until ${latest.toISOString()}.`,
    );
  }
  const kept = {
    tenantId: client.tenantId,
    clientId: client.id,
    prefix,
    secretHash: hashOfToken(text),
    createdAt: now,
    expiresAt: expiry,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { text, kept };
}

/** Adds a secret to a client that has others, so that it can be changed without a pause. */
export async function addSecret(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  named: string,
  expiresAt?: string,
): Promise<IssuedSecret & { readonly client: OAuthClient }> {
  return administer(context, operator, tenant, async ({ tx }) => {
    const client = await stored.lockClient(tx, tenant.id, clientPrefix(tenant, named));
    if (!client || client.revokedAt) throw noClient(tenant, named);
    if (client.jwks !== null || client.jwksUri !== null || (await findIssuerOf(tx, tenant.id, client.id))) {
      throw invalidValue(`The client ${client.prefix} authenticates by assertions and has no secret.`);
    }
    const now = context.clock();
    const live = (await stored.secretsOf(tx, tenant.id, [client.id])).filter((secret) => isLive(secret, now));
    if (live.length >= MAX_LIVE_SECRETS) {
      throw invalidValue(
        `The client ${client.prefix} has ${live.length} secrets, which is as many as it can have; remove one first.`,
      );
    }
    const secret = newSecret(context, client, expiresAt);
    await stored.insertSecret(tx, secret.kept);
    const detail = { secret: secret.kept.prefix, expiresAt: secret.kept.expiresAt.toISOString() };
    return { result: { ...secret, client }, done: aboutClient('client-secret-added', client, detail) };
  });
}

/** Revokes a secret of the client, and with it every access token that was got by it; throws 404. */
export async function removeSecret(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  named: string,
  secretNamed: string,
): Promise<ClientSecret> {
  return administer(context, operator, tenant, async ({ tx, at }) => {
    const client = await stored.lockClient(tx, tenant.id, clientPrefix(tenant, named));
    if (!client) throw noClient(tenant, named);
    const secrets = await stored.secretsOf(tx, tenant.id, [client.id]);
    const before = secrets.find(({ prefix }) => prefix === secretNamed);
    const secret = before && (await stored.revokeSecret(tx, client, before.prefix, at));
    if (!secret) {
      throw notFound(`The client ${client.prefix} has no secret with the prefix "${abridged(secretNamed)}".`);
    }
    const done = aboutClient('client-secret-removed', client, { secret: secret.prefix });
    return { result: secret, ...(before.revokedAt === null && { done }) };
  });
}

/** A secret as commands and the admin API show it. */
export function shownSecret(secret: ClientSecret, now: Date): JsonObject {
  const { prefix, createdAt, expiresAt, revokedAt, lastUsedAt } = secret;
  return {
    prefix,
    status: revokedAt ? 'revoked' : isLive(secret, now) ? 'live' : 'expired',
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

function isLive({ revokedAt, expiresAt }: ClientSecret, now: Date): boolean {
  return revokedAt === null && expiresAt > now;
}
