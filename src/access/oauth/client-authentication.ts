import { createHash, timingSafeEqual } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Database } from '../../storage/database.ts';
import { sweepAssertions, takeAssertion } from '../../storage/oauth-assertions.ts';
import { type ClientState, findClientState, markSecretUsed } from '../../storage/oauth-clients.ts';
import { findIssuerOf } from '../../storage/oauth-issuers.ts';
import { hashOfToken } from '../token.ts';
import { clientIdText, parseClientId, secretPrefix } from './client-id.ts';
import { invalidClient } from './errors.ts';
import { verifyFederated } from './federation.ts';
import { CLOCK_TOLERANCE_SECONDS, verifyForeignJwt } from './foreign-jwt.ts';
import type { OAuth } from './oauth.ts';

/** Longest time that an assertion of a client may still live. */
export const MAX_ASSERTION_LIFE_SECONDS = 60 * 60;
/** Longest `jti`. */
export const MAX_JTI_LENGTH = 512;

/** A client that has shown who it is. */
export interface AuthenticatedClient extends ClientState {
  readonly clientId: string;
}

/** Who a client is that sends a secret; throws `invalid_client`. */
export async function authenticateBySecret(
  db: Database,
  clientId: string,
  text: string,
  now: Date,
): Promise<AuthenticatedClient> {
  const found = await stateOf(db, clientId, secretPrefix(text));
  // Both hashes are made and compared whether or not there is such a client, so that the answer takes as long.
  const sent = Buffer.from(hashOfToken(text), 'hex');
  const kept = Buffer.from(found?.secret?.secretHash ?? '0'.repeat(64), 'hex');
  const right = timingSafeEqual(sent, kept);
  if (!found) throw refused(clientId, 'there is no such client');
  const { client, secret } = found;
  if (!secret || !right) throw refused(clientId, 'the secret is not one of the client');
  if (client.revokedAt) throw refused(clientId, 'the client is revoked');
  if (secret.revokedAt || secret.expiresAt <= now) throw refused(clientId, 'the secret is revoked or expired');
  await markSecretUsed(db, secret, now);
  return { ...found, clientId };
}

/**
 * Who a client is that sends a JWT: one that it has signed itself (RFC 7523 §2.2), or one of the identity provider that
 * vouches for it. Throws `invalid_client`.
 */
export async function authenticateByAssertion(
  db: Database,
  { keySets, keys }: Pick<OAuth, 'keySets' | 'keys'>,
  clientId: string,
  assertion: string,
  audiences: string[],
  now: Date,
): Promise<AuthenticatedClient> {
  const found = await stateOf(db, clientId, '');
  if (!found) {
    // As much work as for a client whose keys did not sign it.
    await verifyForeignJwt(assertion, createLocalJWKSet(await keys.published()), ownDemands(clientId, audiences), now);
    throw refused(clientId, 'there is no such client');
  }
  const { client } = found;
  if (client.revokedAt) throw refused(clientId, 'the client is revoked');
  const trusted = await findIssuerOf(db, client.tenantId, client.id);
  if (trusted) {
    // Identity providers use one token until it expires, and give it no `jti`: it is taken as often as it comes.
    if (!(await verifyFederated(keySets, trusted, assertion, now))) {
      throw refused(clientId, 'the assertion does not hold up to the issuer that vouches for the client');
    }
    return { ...found, clientId };
  }
  const find = client.jwksUri !== null ? keySets.keysAt({ jwksUri: client.jwksUri }) : inlineKeys(client.jwks);
  const payload = find && (await verifyForeignJwt(assertion, find, ownDemands(clientId, audiences), now));
  if (!payload || !isForUsAlone(payload, audiences)) throw refused(clientId, 'the assertion is not valid');
  await takeOnce(db, found, payload, now);
  return { ...found, clientId };
}

/** The refusal of a client whose client_id is well-formed, and so may stand in the log. */
function refused(clientId: string, why: string): Error {
  return invalidClient(`${why}: ${clientId}`);
}

function stateOf(db: Database, clientId: string, secret: string): Promise<ClientState | undefined> {
  const parts = parseClientId(clientId);
  if (!parts) throw invalidClient('the client_id is none');
  return findClientState(db, parts.tenantId, parts.prefix, secret);
}

function ownDemands(clientId: string, audience: string[]) {
  const requiredClaims = ['iss', 'sub', 'aud', 'jti'];
  return { issuer: clientId, subject: clientId, audience, maxLifeSeconds: MAX_ASSERTION_LIFE_SECONDS, requiredClaims };
}

/** An assertion that somebody else takes too could be one that was sent there. */
function isForUsAlone({ aud = [] }: JWTPayload, audiences: readonly string[]): boolean {
  return [aud].flat().every((audience) => audiences.includes(audience));
}

function inlineKeys(jwks: string | null) {
  return jwks === null ? undefined : createLocalJWKSet(JSON.parse(jwks) as JSONWebKeySet);
}

async function takeOnce(db: Database, { client }: ClientState, { jti, exp = 0 }: JWTPayload, now: Date): Promise<void> {
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) {
    throw refused(clientIdText(client), 'the jti of the assertion is missing, empty or too long');
  }
  const { tenantId, id: clientId } = client;
  const expiresAt = new Date((exp + CLOCK_TOLERANCE_SECONDS) * 1000);
  const jtiHash = createHash('sha256').update(jti).digest('base64url');
  await sweepAssertions(db, tenantId, clientId, now);
  if (await takeAssertion(db, { tenantId, clientId, jtiHash, expiresAt })) return;
  throw refused(clientIdText(client), 'the assertion was used before');
}
