import { ScimError } from '../protocol/errors.ts';
import type { Credential } from '../storage/credentials.ts';
import { challenge } from './challenge.ts';
import type { Surface } from './schemes.ts';

/** What a credential may do: read or write its tenant's resources, by SCIM or by REST, or operate the whole installation. */
export const SCOPES = ['scim:read', 'scim:write', 'user:read', 'user:write', 'admin'] as const;
/** The name of a scope. */
export type ScopeName = (typeof SCOPES)[number];

/** Scopes of a credential that was issued without naming any. */
export const DEFAULT_SCOPES: Readonly<Record<'scim' | 'rest', readonly ScopeName[]>> = {
  scim: ['scim:read', 'scim:write'],
  rest: ['user:read', 'user:write'],
};

/** True for the name of a scope. */
export function isScope(text: string): text is ScopeName {
  return (SCOPES as readonly string[]).includes(text);
}

/** True for a scope that lets change something. */
export function isWriting(scope: ScopeName): boolean {
  return scope !== 'scim:read' && scope !== 'user:read';
}

/** Refuses with 403 unless the credential has the scope (RFC 6750 §3.1, `insufficient_scope`). */
export function requireScope(credential: Credential, scope: ScopeName, surface: Surface): void {
  if (credential.scopes.includes(scope)) return;
  const held = credential.scopes.length > 0 ? credential.scopes.map((name) => `"${name}"`).join(', ') : 'none';
  throw new ScimError(403, `The credential ${credential.prefix} has the scopes ${held}; this needs "${scope}".`, {
    headers: { 'www-authenticate': challenge(surface, { error: 'insufficient_scope', scope }) },
  });
}
