import { type Credential, findCredentialBySecret, markUsed } from '../storage/credentials.ts';
import type { Database } from '../storage/database.ts';
import { makeRoom } from '../storage/make-room.ts';
import { needed, noun, type SentCredential, schemeRefused, sentCredential } from './authorization.ts';
import { boundUsers } from './bound-user.ts';
import { unauthorized } from './challenge.ts';
import { dialects } from './dialects.ts';
import { within } from './networks.ts';
import { type Bearers, isJwt } from './oauth/bearer.ts';
import type { Principal } from './principal.ts';
import { SCHEME_FORMS, type Surface } from './schemes.ts';
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
  /**
   * The principal of a header who may enter the surface from that IP address; throws a 401 that is the same for unknown,
   * revoked and expired credentials and those that may not be used from there, and what the surface refuses a tenant with.
   * The origin is that of the server as the request names it.
   */
  authenticate(
    header: string | undefined,
    surface: Surface,
    address: string,
    origin?: () => string,
  ): Promise<Principal>;
  /** Forgets what is remembered of a tenant, so that a change to it or to its credentials counts from now on. */
  forget(tenantId: string): void;
}

type Found = Principal | Error | undefined;

interface Remembered {
  readonly principal: Principal;
  readonly allows: (address: string) => boolean;
  readonly until: number;
}

/** An authenticator over the credentials in storage, and the bearers of JWTs. */
export function createAuthenticator(
  db: Database,
  clock: () => Date,
  bearers?: Bearers,
  cacheSize: number = CREDENTIAL_CACHE_SIZE,
): Authenticator {
  const dialectOf = dialects(db);
  const remembered = new Map<string, Remembered>();
  // How often something was forgotten. What was looked up before the last time may be what had to be forgotten.
  let forgotten = 0;

  /** The principal of a token, remembered or looked up; an Error where it may not be used from the address. */
  async function principalOf(text: string, surface: Surface, address: string, origin: () => string): Promise<Found> {
    const now = clock();
    const hash = hashOfToken(text);
    const known = remembered.get(hash);
    if (known && known.until > now.getTime()) return known.allows(address) ? known.principal : notFrom(known, address);
    remembered.delete(hash);
    const parts = parseToken(text);
    if (!parts && !(bearers && isJwt(text))) return undefined;
    const forgottenBefore = forgotten;
    const found = parts
      ? await findCredentialBySecret(db, { ...parts, secretHash: hash })
      : await bearers?.find(text, origin);
    if (!found || found.credential.revokedAt || isPast(found.credential.expiresAt, now)) return undefined;
    const allows = within(found.credential.allowedIps);
    if (!allows(address)) return notFrom({ principal: found }, address);
    await requireLiveUser(db, found.credential, surface);
    const principal = { ...found, dialect: await dialectOf(found.tenant) };
    if (forgotten === forgottenBefore) {
      remember(hash, { principal, allows, until: now.getTime() + CREDENTIAL_CACHE_SECONDS * 1000 });
    }
    if (parts) await markUsed(db, found.credential, now);
    return principal;
  }

  function remember(hash: string, entry: Remembered): void {
    makeRoom(remembered, cacheSize);
    remembered.set(hash, entry);
  }

  return {
    async authenticate(header, surface, address, origin = () => '') {
      const sent = sentCredential(header, surface);
      const principal = await principalOf(sent.text, surface, address, origin);
      if (!principal || principal instanceof Error || isPast(principal.credential.expiresAt, clock())) {
        if (sent.raw || sent.scheme !== surface.scheme) throw schemeRefused(sent, surface);
        throw unauthorized(
          surface,
          `The ${noun(sent.scheme)} is unknown, revoked or expired; this endpoint needs a live one.`,
          {
            error: 'invalid_token',
            ...(principal instanceof Error && { cause: principal }),
          },
        );
      }
      // Whoever asks for what the tenant does not have at all should not be sent looking for another credential first.
      surface.admits(principal);
      requireScheme(principal, sent, surface);
      return principal;
    },
    forget(tenantId) {
      forgotten += 1;
      for (const [hash, { principal }] of remembered) if (principal.tenant.id === tenantId) remembered.delete(hash);
    },
  };
}

/** What the operator is told, and not the sender: a stolen token must not learn that it would work elsewhere. */
function notFrom(
  { principal }: { readonly principal: Pick<Principal, 'tenant' | 'credential'> },
  address: string,
): Error {
  const { tenant, credential } = principal;
  return new Error(`The credential ${credential.prefix} of the tenant ${tenant.slug} may not be used from ${address}.`);
}

function isPast(instant: Date | null, now: Date): boolean {
  return instant !== null && instant.getTime() <= now.getTime();
}

/** Refuses with 401 a credential of another kind than the surface takes, or one that was not sent as its kind is. */
function requireScheme({ tenant, credential, dialect }: Principal, sent: SentCredential, surface: Surface): void {
  if (sent.raw && !dialect.quirks.has('rawToken')) throw schemeRefused(sent, surface);
  if (credential.scheme !== surface.scheme) {
    const { name } = SCHEME_FORMS[credential.scheme];
    throw unauthorized(
      surface,
      `The ${noun(credential.scheme)} ${credential.prefix} is for the API that takes "${name}"; ${needed(surface)}`,
      { error: 'invalid_token' },
    );
  }
  if (sent.scheme !== surface.scheme) throw schemeRefused(sent, surface);
  if (sent.organization !== undefined && sent.organization !== (tenant.sandboxOf ?? tenant.id)) {
    throw unauthorized(surface, 'The user name is not the id of the organization that the key belongs to.');
  }
}

/** Refuses with 401 a credential whose user is gone or suspended: what acts for a user ends with the user's access. */
async function requireLiveUser(db: Database, { tenantId, userId }: Credential, surface: Surface): Promise<void> {
  if (userId === null) return;
  const users = await boundUsers(db, tenantId, [userId]);
  if (users.get(userId)?.active) return;
  throw unauthorized(
    surface,
    'The user to whom this token is bound is suspended or deleted; use a token of another user.',
    {
      error: 'invalid_token',
    },
  );
}
