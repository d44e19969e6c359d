import { unauthorized } from './challenge.ts';
import { parseToken } from './token.ts';

const NEEDED = 'this endpoint needs "Bearer <token>".';

/** Schemes that an answer may name. Any other word could be a secret that was pasted without a scheme. */
const KNOWN_SCHEMES = new Map(
  ['Basic', 'Digest', 'DPoP', 'Hawk', 'HOBA', 'Mutual', 'Negotiate', 'NTLM', 'OAuth', 'SSWS', 'Token', 'AccessKey']
    .concat('ApiKey', 'Api-Key', 'AWS4-HMAC-SHA256')
    .map((name) => [name.toLowerCase(), name]),
);

/** The token of an Authorization header. */
export interface SentToken {
  readonly text: string;
  /** Whether it came without the scheme that RFC 6750 §2.1 asks for. */
  readonly raw: boolean;
}

/** Reads an Authorization header; throws the 401 that says what was sent instead of a bearer token. */
export function sentToken(header: string | undefined): SentToken {
  if (header === undefined || header.trim() === '') {
    throw unauthorized(`The request has no Authorization header; ${NEEDED}`);
  }
  const [scheme = '', ...rest] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'bearer') return otherThanBearer(scheme, rest);
  const [token, ...more] = rest;
  if (token === undefined) throw unauthorized(`The Authorization header has "Bearer" and no token; ${NEEDED}`);
  if (more.length > 0) {
    const mistake = token.toLowerCase() === 'bearer' ? '"Bearer" twice' : 'more than one token';
    throw unauthorized(`The Authorization header has ${mistake}; ${NEEDED}`, { error: 'invalid_token' });
  }
  return { text: token, raw: false };
}

/** The 401 for a token without its scheme, where the tenant's dialect does not take that. */
export function schemeMissing(): Error {
  return unauthorized(`The Authorization header has a token without a scheme; ${NEEDED}`, { error: 'invalid_token' });
}

function otherThanBearer(scheme: string, rest: readonly string[]): SentToken {
  const known = KNOWN_SCHEMES.get(scheme.toLowerCase());
  if (known) throw unauthorized(`The Authorization header has the scheme "${known}"; ${NEEDED}`);
  if (rest.length > 0) throw unauthorized(`The Authorization header has an unknown scheme; ${NEEDED}`);
  if (parseToken(scheme) === undefined) throw unauthorized(`The Authorization header has no scheme; ${NEEDED}`);
  return { text: scheme, raw: true };
}
