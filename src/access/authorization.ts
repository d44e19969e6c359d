import { CREDENTIAL_SCHEMES, type CredentialScheme } from '../profiles/profile.ts';
import { unauthorized } from './challenge.ts';
import { SCHEME_FORMS, type Surface } from './schemes.ts';
import { parseToken } from './token.ts';

/** Schemes that an answer may name. Any other word could be a secret that was pasted without a scheme. */
const OTHER_SCHEMES = new Map(
  ['Digest', 'DPoP', 'Hawk', 'HOBA', 'Mutual', 'Negotiate', 'NTLM', 'OAuth', 'SSWS', 'Token', 'Api-Key']
    .concat('AWS4-HMAC-SHA256')
    .map((name) => [name.toLowerCase(), name]),
);

/** The credential of an Authorization header. */
export interface SentCredential {
  /** The scheme that it came with. */
  readonly scheme: CredentialScheme;
  readonly text: string;
  /** The organization that it came with (HTTP Basic). */
  readonly organization?: string;
  /** Whether it came without any scheme, which RFC 6750 §2.1 asks for. */
  readonly raw: boolean;
}

/** Reads an Authorization header; throws the 401 that says what was sent instead of what the surface needs. */
export function sentCredential(header: string | undefined, surface: Surface): SentCredential {
  if (header === undefined || header.trim() === '') {
    throw unauthorized(surface, `The request has no Authorization header; ${needed(surface)}`);
  }
  const [word = '', ...rest] = header.trim().split(/\s+/);
  const scheme = CREDENTIAL_SCHEMES.find((one) => SCHEME_FORMS[one].name.toLowerCase() === word.toLowerCase());
  if (scheme === undefined) return withoutScheme(word, rest, surface);
  const { name } = SCHEME_FORMS[scheme];
  const [text, ...more] = rest;
  if (text === undefined) {
    throw unauthorized(surface, `The Authorization header has "${name}" and no ${noun(scheme)}; ${needed(surface)}`);
  }
  if (more.length > 0) {
    const twice = text.toLowerCase() === name.toLowerCase();
    const mistake = twice ? `"${name}" twice` : `more than one ${noun(scheme)}`;
    throw unauthorized(surface, `The Authorization header has ${mistake}; ${needed(surface)}`, {
      error: 'invalid_token',
    });
  }
  return scheme === 'basic' ? fromBasic(text, surface) : { scheme, text, raw: false };
}

/** The 401 for a credential that came with another scheme than the surface takes. */
export function schemeRefused(sent: SentCredential, surface: Surface): Error {
  // RFC 6750 §3.1: a client that did not use the scheme at all gets no error code.
  if (sent.raw) {
    return unauthorized(surface, `The Authorization header has a token without a scheme; ${needed(surface)}`, {
      error: 'invalid_token',
    });
  }
  const { name } = SCHEME_FORMS[sent.scheme];
  return unauthorized(surface, `The Authorization header has the scheme "${name}"; ${needed(surface)}`);
}

/** What the surface needs, as the end of a sentence. */
export function needed(surface: Surface): string {
  return `this endpoint needs ${SCHEME_FORMS[surface.scheme].form}.`;
}

/** What a credential of that scheme is called. */
export function noun(scheme: CredentialScheme): 'token' | 'key' {
  return scheme === 'bearer' ? 'token' : 'key';
}

/** User and password of HTTP Basic (RFC 7617): organization and key, or the key alone as the user. */
function fromBasic(text: string, surface: Surface): SentCredential {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) {
    throw unauthorized(
      surface,
      `The Authorization header has "Basic" and no base64 of a user name, a colon and a password; ${needed(surface)}`,
    );
  }
  const [user, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  if (password === '') return { scheme: 'basic', text: user, raw: false };
  return { scheme: 'basic', organization: user, text: password, raw: false };
}

function withoutScheme(word: string, rest: readonly string[], surface: Surface): SentCredential {
  const refused = (what: string) => unauthorized(surface, `The Authorization header has ${what}; ${needed(surface)}`);
  const known = OTHER_SCHEMES.get(word.toLowerCase());
  if (known) throw refused(`the scheme "${known}"`);
  if (rest.length > 0) throw refused('an unknown scheme');
  if (parseToken(word) === undefined) throw refused('no scheme');
  return { scheme: 'bearer', text: word, raw: true };
}
