import { clientIdText } from '../access/oauth/client-id.ts';
import { contradict } from '../access/oauth/federation.ts';
import type { HostRules } from '../access/oauth/host-rules.ts';
import { invalidValue, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { insertClient, listClients, lockClient, type OAuthClient } from '../storage/oauth-clients.ts';
import * as stored from '../storage/oauth-issuers.ts';
import type { Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import { aboutClient, clientPrefix, noClient } from './client-named.ts';
import { newClient, showClients } from './clients.ts';
import type { Context } from './context.ts';
import { keyUrlAsked } from './key-url.ts';
import type { Operator } from './operator.ts';

/** Longest issuer and longest audience. */
export const MAX_NAME_LENGTH = 600;
/** Most claims that tokens of an issuer are asked for. */
export const MAX_REQUIRED_CLAIMS = 20;
/** Longest name and longest value of such a claim. */
export const MAX_CLAIM_LENGTH = 1000;

/** Most tenants and clients whose bare tokens have one issuer and audience: each token is compared with all of them. */
export const MAX_SHARERS = 100;

/** Whose tokens are to be trusted. */
export interface NewIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Claims that a token must have exactly; one at least, such as `sub`. */
  readonly claims: Readonly<Record<string, stored.ClaimValue>>;
  /** Left out: where the discovery document of the issuer says. */
  readonly jwksUri?: string;
  /** Left out: reading and writing. */
  readonly scopes?: readonly string[];
  readonly label?: string;
  readonly user?: string;
  /** Networks from which its tokens may be used; left out: all. */
  readonly allowedIps?: readonly string[];
  /** Whether its tokens are taken as they are; left out: yes. */
  readonly direct?: boolean;
}

/** A trusted issuer, and the client that it vouches for. */
export interface IssuerOfClient {
  readonly trusted: stored.TrustedIssuer;
  readonly client: OAuthClient;
}

/** Trusts tokens of an issuer, with that audience and those claims, to be of the tenant. */
export async function addIssuer(
  context: Context,
  operator: Operator,
  hosts: HostRules,
  tenant: Tenant,
  asked: NewIssuer,
): Promise<IssuerOfClient> {
  const client = await newClient(context, tenant, asked);
  const trusted: stored.TrustedIssuer = {
    tenantId: tenant.id,
    clientId: client.id,
    // With a place of its own for the keys, the issuer is a name and nothing is fetched from it.
    issuer:
      asked.jwksUri === undefined ? keyUrlAsked(hosts, 'issuer', asked.issuer) : nameAsked('issuer', asked.issuer),
    audience: nameAsked('audience', asked.audience),
    jwksUri: asked.jwksUri === undefined ? null : keyUrlAsked(hosts, 'jwksUri', asked.jwksUri),
    claims: claimsAsked(asked.claims),
    direct: asked.direct ?? true,
  };
  return administer(context, operator, tenant, async ({ tx }) => {
    if (trusted.direct) {
      // Another tenant may be adding one that could not be told from this one: administering locks a single tenant.
      await stored.lockIssuer(tx, trusted.issuer, trusted.audience);
      const others = await stored.findDirectIssuers(tx, trusted.issuer, [trusted.audience]);
      if (others.length >= MAX_SHARERS) {
        throw invalidValue(
          `Tokens of this issuer and audience are taken for ${others.length} others already; have its tokens made for an ` +
            'audience of their own, or send "direct": false (--exchange-only).',
        );
      }
      // Of whatever tenant the other is: which, is not said.
      if (others.some((other) => !contradict(trusted, other))) {
        throw uniqueness(
          'Tokens of this issuer and audience are taken already, and a token could have the claims of both; ' +
            'ask for a claim in which they differ, or send "direct": false (--exchange-only).',
        );
      }
    }
    await insertClient(tx, client);
    await stored.insertIssuer(tx, trusted);
    const { issuer, audience } = trusted;
    return { result: { trusted, client }, done: aboutClient('issuer-added', client, { issuer, audience }) };
  });
}

/** The issuers that the tenant trusts, the oldest first. */
export async function listIssuers(context: Context, tenant: Tenant): Promise<IssuerOfClient[]> {
  const issuers = new Map((await stored.listIssuers(context.db, tenant.id)).map((one) => [one.clientId, one]));
  const clients = await listClients(context.db, tenant.id);
  return clients.flatMap((client) => {
    const trusted = issuers.get(client.id);
    return trusted ? [{ client, trusted }] : [];
  });
}

/** Trusts an issuer no more, and removes the client that it vouches for; throws 404. */
export async function removeIssuer(context: Context, operator: Operator, tenant: Tenant, named: string): Promise<void> {
  await administer(context, operator, tenant, async ({ tx }) => {
    const client = await lockClient(tx, tenant.id, clientPrefix(tenant, named));
    if (!client || !(await stored.findIssuerOf(tx, tenant.id, client.id))) throw noClient(tenant, named);
    await stored.deleteIssuer(tx, tenant.id, client.id);
    return { result: undefined, done: aboutClient('issuer-removed', client) };
  });
}

/** The issuers as commands and the admin API show them. */
export async function showIssuers(context: Context, issuers: readonly IssuerOfClient[]): Promise<JsonObject[]> {
  const clients = await showClients(
    context,
    issuers.map(({ client }) => client),
  );
  const shown = new Map(clients.map((client) => [client.client_id, client]));
  return issuers.map(({ client, trusted }) => {
    const { secrets: _, ...rest } = shown.get(clientIdText(client)) ?? {};
    const { issuer, audience, jwksUri, claims, direct } = trusted;
    return { ...rest, issuer, audience, jwksUri, claims: { ...claims }, direct };
  });
}

function nameAsked(what: 'issuer' | 'audience', name: string): string {
  if (/^[\x21-\x7e]+$/.test(name) && name.length <= MAX_NAME_LENGTH) return name;
  throw invalidValue(
    `The ${what} "${abridged(name)}" can't be used; send 1 to ${MAX_NAME_LENGTH} ASCII characters without blanks.`,
  );
}

function claimsAsked(claims: NewIssuer['claims']): NewIssuer['claims'] {
  const entries = Object.entries(claims);
  if (entries.length === 0 || entries.length > MAX_REQUIRED_CLAIMS) {
    // An issuer vouches for many; without a claim all of them would come in.
    throw invalidValue(`Tokens need 1 to ${MAX_REQUIRED_CLAIMS} claims that tell whose they are, such as sub.`);
  }
  for (const [name, value] of entries) {
    if (name === '' || name.length > MAX_CLAIM_LENGTH || String(value).length > MAX_CLAIM_LENGTH || value === '') {
      throw invalidValue(
        `The claim "${abridged(name)}" needs a name and a value of 1 to ${MAX_CLAIM_LENGTH} characters.`,
      );
    }
  }
  return Object.fromEntries(entries);
}
