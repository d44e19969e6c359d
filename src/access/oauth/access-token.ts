import { errors, jwtVerify, SignJWT } from 'jose';
import type { TokenParts } from '../token.ts';
import { parseClientId } from './client-id.ts';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Most characters of a JWT that is looked at: those of identity providers list groups. */
export const MAX_JWT_LENGTH = 8192;
/** How an access token says what it is (RFC 9068 §2.1). */
const TYPE = 'at+jwt';

/** What an access token says. */
export interface AccessToken {
  /** The client that it was issued to. */
  readonly client: TokenParts;
  /** Public prefix of the secret that the client authenticated with; none for an assertion. */
  readonly secret: string | undefined;
  /** As they are spelled in the token. */
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

/** What a new access token says. */
export interface NewAccessToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly scopes: readonly string[];
  readonly jti: string;
  readonly issuedAt: Date;
  readonly lifeSeconds: number;
}

/** Signs an access token in the profile of RFC 9068. The server itself is the resource that it is for. */
export async function signAccessToken(keys: SigningKeys, given: NewAccessToken): Promise<string> {
  const { kid, key } = await keys.current();
  const issuedAt = Math.floor(given.issuedAt.getTime() / 1000);
  return new SignJWT({
    client_id: given.clientId,
    scope: given.scopes.join(' '),
    ...(given.secret === undefined ? {} : { secret: given.secret }),
  })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid })
    .setIssuer(given.issuer)
    .setAudience(given.issuer)
    .setSubject(given.clientId)
    .setJti(given.jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + given.lifeSeconds)
    .sign(key);
}

/** What a token of this server says, or undefined when it is none, or expired. It reads nothing but cached keys. */
export async function verifyAccessToken(
  keys: SigningKeys,
  text: string,
  issuer: string,
  now: Date,
): Promise<AccessToken | undefined> {
  const verified = await verifiedOrNot(() =>
    jwtVerify(
      text,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.verifier(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        // Fixed, so that a token chooses neither `none` nor a public key as an HMAC secret (RFC 8725 §3.1).
        algorithms: [SIGNING_ALGORITHM],
        typ: TYPE,
        issuer,
        audience: issuer,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope'],
      },
    ),
  );
  if (!verified) return undefined;
  const { client_id: clientId, sub, scope, secret, exp = 0 } = verified.payload;
  const client = typeof clientId === 'string' && sub === clientId ? parseClientId(clientId) : undefined;
  if (!client || typeof scope !== 'string') return undefined;
  return {
    client,
    secret: typeof secret === 'string' ? secret : undefined,
    scopes: scope.split(' '),
    expiresAt: new Date(exp * 1000),
  };
}

async function verifiedOrNot<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
