import type { ScopeName } from '../scopes.ts';
import { OAuthError } from './errors.ts';

/** The scope that means reading and writing by SCIM: what the IPSIE AL profile and identity providers ask for. */
export const SCIM_SCOPE = 'scim';

/** Scopes that a client can have. `admin` is none of them: it opens every tenant, and stays with tokens that an operator made. */
export const CLIENT_SCOPES = ['scim:read', 'scim:write', 'user:read', 'user:write'] as const satisfies ScopeName[];

const PAIR: readonly string[] = ['scim:read', 'scim:write'];
const MAX_SCOPES = 20;

/** Every scope that a token request can name. */
export const REQUESTED_SCOPES: readonly string[] = [SCIM_SCOPE, ...CLIENT_SCOPES];

/** What scopes, as tokens and requests spell them, allow; unknown ones allow nothing. */
export function allowedBy(names: readonly string[]): ScopeName[] {
  const allowed = new Set(names.flatMap(partsOf));
  return CLIENT_SCOPES.filter((scope) => allowed.has(scope));
}

/** The client's scopes as a token spells them: the pair for SCIM by its one name. */
export function spelled(scopes: readonly string[]): string[] {
  if (!PAIR.every((part) => scopes.includes(part))) return [...scopes];
  return [SCIM_SCOPE, ...scopes.filter((scope) => !PAIR.includes(scope))];
}

/**
 * The scopes of a token: those asked for, in their spelling, where the client has them all, and all of the client's where
 * none is asked for (RFC 6749 §3.3). What is asked for narrows and never widens.
 */
export function narrowed(asked: string | undefined, held: readonly string[]): string[] {
  if (asked === undefined) return spelled(held);
  const names = [...new Set(asked.split(' ').filter((name) => name !== ''))];
  const wanted = names.flatMap(partsOf);
  if (names.length === 0 || names.length > MAX_SCOPES || !wanted.every((scope) => held.includes(scope))) {
    throw new OAuthError(
      'invalid_scope',
      `The client has the scopes ${spelled(held).join(' ')}; ask for some of these.`,
    );
  }
  return names;
}

function partsOf(name: string): readonly string[] {
  return name === SCIM_SCOPE ? PAIR : [name];
}
