import type { JWTPayload } from 'jose';
import type { Database } from '../../storage/database.ts';
import { findDirectIssuers, type TrustedIssuer } from '../../storage/oauth-issuers.ts';
import { unverifiedClaims, verifyForeignJwt } from './foreign-jwt.ts';
import type { KeySets } from './key-sets.ts';

/** Longest time that a token of an identity provider may still live. */
export const MAX_FEDERATED_LIFE_SECONDS = 24 * 60 * 60;
/** Most audiences of a token. */
export const MAX_AUDIENCES = 10;

/** When the token holds up to what is asked of that issuer: until when it does. */
export async function verifyFederated(
  keySets: KeySets,
  trusted: TrustedIssuer,
  text: string,
  now: Date,
): Promise<{ readonly expiresAt: Date } | undefined> {
  const { issuer, audience, jwksUri } = trusted;
  const keys = keySets.keysAt(jwksUri === null ? { issuer } : { jwksUri });
  const demands = { issuer, audience, maxLifeSeconds: MAX_FEDERATED_LIFE_SECONDS };
  const payload = await verifyForeignJwt(text, keys, demands, now);
  if (!payload || !hasClaims(payload, trusted)) return undefined;
  return { expiresAt: new Date((payload.exp ?? 0) * 1000) };
}

/**
 * Whom a bare token is for: the one client of the one tenant that takes tokens of its issuer and audience with its claims.
 * What is read from the unverified token picks the keys, and everything is checked again under these.
 */
export async function findFederated(
  db: Database,
  keySets: KeySets,
  text: string,
  now: Date,
): Promise<{ readonly trusted: TrustedIssuer; readonly expiresAt: Date } | undefined> {
  const claims = unverifiedClaims(text);
  const audiences = [claims?.aud ?? []].flat();
  if (!claims || typeof claims.iss !== 'string' || audiences.length === 0 || audiences.length > MAX_AUDIENCES) {
    return undefined;
  }
  if (!audiences.every((audience) => typeof audience === 'string' && !audience.includes('\0'))) return undefined;
  if (claims.iss.includes('\0')) return undefined;
  const found = await findDirectIssuers(db, claims.iss, audiences);
  const meant = found.filter((trusted) => hasClaims(claims, trusted));
  const [trusted] = meant;
  // Two of them would make it a matter of chance whose data the token opens.
  if (!trusted || meant.length > 1) return undefined;
  const verified = await verifyFederated(keySets, trusted, text, now);
  return verified && { trusted, ...verified };
}

/** Whether no token can have the claims of both. */
export function contradict(one: Pick<TrustedIssuer, 'claims'>, other: Pick<TrustedIssuer, 'claims'>): boolean {
  return Object.entries(one.claims).some(
    ([name, value]) => Object.hasOwn(other.claims, name) && other.claims[name] !== value,
  );
}

function hasClaims(payload: JWTPayload, { claims }: TrustedIssuer): boolean {
  const wanted = Object.entries(claims);
  return wanted.length > 0 && wanted.every(([name, value]) => Object.hasOwn(payload, name) && payload[name] === value);
}
