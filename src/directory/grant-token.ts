import { within } from '../access/networks.ts';
import { signAccessToken } from '../access/oauth/access-token.ts';
import {
  type AuthenticatedClient,
  authenticateByAssertion,
  authenticateBySecret,
} from '../access/oauth/client-authentication.ts';
import { clientIdText, parseClientId } from '../access/oauth/client-id.ts';
import { invalidClient, invalidGrant, invalidRequest, OAuthError, tooManyFailures } from '../access/oauth/errors.ts';
import { findFederated } from '../access/oauth/federation.ts';
import { unverifiedClaims } from '../access/oauth/foreign-jwt.ts';
import type { Form } from '../access/oauth/form.ts';
import type { OAuth } from '../access/oauth/oauth.ts';
import { type PresentedClient, presentedClient } from '../access/oauth/presented-client.ts';
import { narrowed } from '../access/oauth/scopes.ts';
import { tokenLifeOf } from '../access/oauth/token-life.ts';
import type { JsonObject } from '../schema/json.ts';
import { type ClientSecret, findClientById, markClientUsed } from '../storage/oauth-clients.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';

/** The grant of a client for itself (RFC 6749 §4.4). */
export const CLIENT_CREDENTIALS = 'client_credentials';
/** The grant by a JWT of an identity provider that is trusted (RFC 7523 §2.1). */
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A request for an access token. */
export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: Form;
  /** Where it comes from. */
  readonly address: string;
  readonly issuer: string;
  readonly tokenEndpoint: string;
}

/** An access token, and whose it is. */
export interface GrantedToken {
  /** The answer of RFC 6749 §5.1. */
  readonly answer: JsonObject;
  readonly tenant: Tenant;
  /** Names the client in the log. */
  readonly prefix: string;
  /** The secret that it was got by, when that has less than a month to live. */
  readonly expiring: ClientSecret | undefined;
}

/** How many days before it expires the log tells of a secret that is in use. */
export const SECRET_WARNING_DAYS = 30;

/** Gives a client an access token; throws an OAuthError. */
export async function grantToken(context: Context, oauth: OAuth, request: TokenRequest): Promise<GrantedToken> {
  const { form, issuer } = request;
  const grant = form.get('grant_type');
  if (grant === undefined) throw invalidRequest('The form has no grant_type; send client_credentials.');
  if (grant !== CLIENT_CREDENTIALS && grant !== JWT_BEARER) {
    throw new OAuthError('unsupported_grant_type', `The grant types are ${CLIENT_CREDENTIALS} and ${JWT_BEARER}.`);
  }
  const found =
    grant === JWT_BEARER ? await byAssertedGrant(context, oauth, form) : await byClient(context, oauth, request);
  if (!within(found.client.allowedIps)(request.address)) {
    const reason = `the client ${found.clientId} may not be used from ${request.address}`;
    throw grant === JWT_BEARER ? invalidGrant(reason) : invalidClient(reason);
  }
  const { client, tenant, clientId, secret } = found;
  const scopes = narrowed(form.get('scope'), client.scopes);
  const lifeSeconds = tokenLifeOf(tenant);
  const issuedAt = context.clock();
  const token = await signAccessToken(oauth.keys, {
    issuer,
    clientId,
    secret: secret?.prefix,
    scopes,
    jti: context.newId(),
    issuedAt,
    lifeSeconds,
  });
  await markClientUsed(context.db, client, issuedAt);
  const answer = { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds, scope: scopes.join(' ') };
  const warnedFrom = issuedAt.getTime() + SECRET_WARNING_DAYS * 24 * 60 * 60 * 1000;
  const expiring = secret && secret.expiresAt.getTime() <= warnedFrom ? secret : undefined;
  return { answer, tenant, prefix: client.prefix, expiring };
}

/** Authenticates the client, unless it has failed too often from there. */
async function byClient(context: Context, oauth: OAuth, request: TokenRequest): Promise<AuthenticatedClient> {
  const { form, address, authorization } = request;
  const presented = presentedClient(authorization, form);
  const clientId = presented.clientId ?? subjectOf(presented);
  const wait = oauth.failures.waitFor(address, clientId);
  if (wait > 0) throw tooManyFailures(wait);
  try {
    return presented.method === 'secret'
      ? await authenticateBySecret(context.db, clientId, presented.secret, context.clock())
      : await byAssertion(context, oauth, presented, clientId, request);
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_client') oauth.failures.count(address, clientId);
    throw error;
  }
}

/** The client_id that an assertion without one is of: its subject (RFC 7521 §4.2). */
function subjectOf(presented: PresentedClient): string {
  return presented.method === 'assertion' ? String(unverifiedClaims(presented.assertion)?.sub ?? '') : '';
}

async function byAssertion(
  context: Context,
  oauth: OAuth,
  { clientId: named, assertion }: Extract<PresentedClient, { method: 'assertion' }>,
  clientId: string,
  { issuer, tokenEndpoint }: TokenRequest,
): Promise<AuthenticatedClient> {
  if (parseClientId(clientId)) {
    const audiences = [issuer, tokenEndpoint];
    return authenticateByAssertion(context.db, oauth, clientId, assertion, audiences, context.clock());
  }
  // An identity provider's token names a workload of its own; without a client_id its issuer and audience tell the client.
  const found = await federated(context, oauth, assertion);
  if (!found) throw invalidClient('the assertion is neither of a client nor of an issuer that is trusted');
  // RFC 7521 §4.2: a client_id that is sent beside an assertion names the same client.
  if (named !== undefined && named !== found.clientId) {
    throw invalidClient(`the client_id is not that of the client of the assertion: ${found.clientId}`);
  }
  return found;
}

async function byAssertedGrant(context: Context, oauth: OAuth, form: Form): Promise<AuthenticatedClient> {
  const assertion = form.get('assertion');
  if (assertion === undefined) throw invalidRequest('The form has no assertion; send the JWT of the issuer in it.');
  const named = form.get('client_id');
  const found = await federated(context, oauth, assertion);
  if (!found || (named !== undefined && named !== found.clientId)) {
    throw invalidGrant('the assertion is of no issuer that is trusted, or of another client');
  }
  return found;
}

/** The client for which an identity provider's bare token vouches. */
async function federated(context: Context, oauth: OAuth, text: string): Promise<AuthenticatedClient | undefined> {
  const vouched = await findFederated(context.db, oauth.keySets, text, context.clock());
  if (!vouched) return undefined;
  const { tenantId, clientId } = vouched.trusted;
  const found = await findClientById(context.db, tenantId, clientId);
  if (!found || found.client.revokedAt) return undefined;
  return { ...found, secret: null, clientId: clientIdText({ tenantId, prefix: found.client.prefix }) };
}
