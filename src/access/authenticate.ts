import { type Credential, findCredentialByHash, markUsed } from '../storage/credentials.ts';
import type { Database } from '../storage/database.ts';
import { schemeMissing, sentToken } from './authorization.ts';
import { boundUsers } from './bound-user.ts';
import { unauthorized } from './challenge.ts';
import { dialects } from './dialects.ts';
import type { Principal } from './principal.ts';
import { hashOfToken, parseToken } from './token.ts';

/**
 * How long a credential that was found is trusted without asking storage: a revocation elsewhere takes that long, and so
 * does the suspension of the user to whom it is bound.
 */
export const CREDENTIAL_CACHE_SECONDS = 5;
/** Most credentials that are remembered at a time. */
export const CREDENTIAL_CACHE_SIZE = 10_000;

/** Turns Authorization headers into principals. */
export interface Authenticator {
  /** The principal of a header; throws a 401 that is the same for unknown, revoked and expired tokens. */
  authenticate(header: string | undefined): Promise<Principal>;
  /** Forgets what is remembered of a tenant, so that a change to it or to its credentials counts from now on. */
  forget(tenantId: string): void;
}

interface Remembered {
  readonly principal: Principal;
  readonly until: number;
}

/** An authenticator over the credentials in storage. */
export function createAuthenticator(
  db: Database,
  clock: () => Date,
  cacheSize: number = CREDENTIAL_CACHE_SIZE,
): Authenticator {
  const dialectOf = dialects(db);
  const remembered = new Map<string, Remembered>();

  async function principalOf(tenantId: string, hash: string): Promise<Principal | undefined> {
    const now = clock();
    const known = remembered.get(hash);
    if (known && known.until > now.getTime()) return known.principal;
    remembered.delete(hash);
    const found = await findCredentialByHash(db, tenantId, hash);
    if (!found || found.credential.revokedAt || isPast(found.credential.expiresAt, now)) return undefined;
    await requireLiveUser(db, found.credential);
    const principal = { ...found, dialect: await dialectOf(found.tenant) };
    remember(hash, { principal, until: now.getTime() + CREDENTIAL_CACHE_SECONDS * 1000 });
    await markUsed(db, tenantId, found.credential.id, now);
    return principal;
  }

  function remember(hash: string, entry: Remembered): void {
    // A Map keeps the order of insertion, so its first key is the oldest.
    const [oldest] = remembered.keys();
    if (remembered.size >= cacheSize && oldest !== undefined) remembered.delete(oldest);
    remembered.set(hash, entry);
  }

  return {
    async authenticate(header) {
      const sent = sentToken(header);
      const parts = parseToken(sent.text);
      const principal = parts && (await principalOf(parts.tenantId, hashOfToken(sent.text)));
      if (sent.raw && !principal?.dialect.quirks.has('rawToken')) throw schemeMissing();
      if (!principal || isPast(principal.credential.expiresAt, clock())) {
        throw unauthorized('The bearer token is unknown, revoked or expired; this endpoint needs a live one.', {
          error: 'invalid_token',
        });
      }
      return principal;
    },
    forget(tenantId) {
      for (const [hash, { principal }] of remembered) if (principal.tenant.id === tenantId) remembered.delete(hash);
    },
  };
}

function isPast(instant: Date | null, now: Date): boolean {
  return instant !== null && instant.getTime() <= now.getTime();
}

/** Refuses with 401 a credential whose user is gone or suspended: what acts for a user ends with the user's access. */
async function requireLiveUser(db: Database, { tenantId, userId }: Credential): Promise<void> {
  if (userId === null) return;
  const users = await boundUsers(db, tenantId, [userId]);
  if (users.get(userId)?.active) return;
  throw unauthorized('The user to whom this token is bound is suspended or deleted; use a token of another user.', {
    error: 'invalid_token',
  });
}
