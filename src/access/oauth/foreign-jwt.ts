import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { MAX_JWT_LENGTH } from './access-token.ts';
import { FOREIGN_ALGORITHMS } from './jwk-set.ts';
import { KeysUnreachable } from './key-sets.ts';

/** How far the clocks of others may be off. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** Most keys that are tried where several bear the same name. */
export const MAX_CANDIDATE_KEYS = 5;

/** Types of JWT that vouch for somebody; others, such as logout and event tokens, are made for other ends (RFC 8725 §3.11). */
const TYPES = new Set(['jwt', 'at+jwt', 'client-authentication+jwt']);

/** What a JWT of somebody else must hold up to. */
export interface Demands {
  readonly issuer: string;
  /** One of these must be in `aud`. */
  readonly audience: string | string[];
  readonly subject?: string;
  /** Longest time from now to its expiry. */
  readonly maxLifeSeconds: number;
  readonly requiredClaims?: string[];
}

/** The claims of a JWT before anything of it is checked, for finding out with which keys to check it. */
export function unverifiedClaims(text: string): JWTPayload | undefined {
  if (text.length > MAX_JWT_LENGTH) return undefined;
  try {
    return decodeJwt(text);
  } catch {
    return undefined;
  }
}

/**
 * The claims of a JWT that somebody else has signed with one of the keys; undefined when it does not hold up to the demands.
 * Keys that it brings along or points to (`jwk`, `jku`, `x5c`, `x5u`) are never used.
 */
export async function verifyForeignJwt(
  text: string,
  keys: JWTVerifyGetKey,
  demands: Demands,
  now: Date,
): Promise<JWTPayload | undefined> {
  if (text.length > MAX_JWT_LENGTH) return undefined;
  const { maxLifeSeconds, requiredClaims = [], ...expected } = demands;
  const options: JWTVerifyOptions = {
    ...expected,
    algorithms: FOREIGN_ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now,
    requiredClaims: ['exp', ...requiredClaims],
  };
  try {
    const { typ } = decodeProtectedHeader(text);
    if (
      typ !== undefined &&
      !TYPES.has(
        String(typ)
          .toLowerCase()
          .replace(/^application\//, ''),
      )
    )
      return undefined;
    const payload = await verified(text, keys, options);
    return isTimely(payload, maxLifeSeconds, now) ? payload : undefined;
  } catch (error) {
    if (error instanceof KeysUnreachable) throw error;
    // Whatever else fails here, the token or the key that it was signed with is to blame.
    return undefined;
  }
}

async function verified(text: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(text, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (++tried > MAX_CANDIDATE_KEYS) break;
      try {
        return (await jwtVerify(text, key, options)).payload;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw error;
  }
}

/** Whether it neither lives too long nor comes from the future; `nbf` and the expiry itself are checked already. */
function isTimely({ exp = 0, iat }: JWTPayload, maxLifeSeconds: number, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  if (exp > seconds + maxLifeSeconds + CLOCK_TOLERANCE_SECONDS) return false;
  if (iat === undefined) return true;
  return iat <= seconds + CLOCK_TOLERANCE_SECONDS && iat >= seconds - maxLifeSeconds - CLOCK_TOLERANCE_SECONDS;
}
