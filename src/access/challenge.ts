import { ScimError } from '../protocol/errors.ts';

const REALM = 'SCIM';

interface Given {
  error?: 'invalid_token' | 'insufficient_scope';
  scope?: string;
}

/** A `WWW-Authenticate` value (RFC 6750 §3); it has no error when the request held no token at all. */
export function challenge(given: Given = {}): string {
  const parts = [`Bearer realm="${REALM}"`];
  if (given.error) parts.push(`error="${given.error}"`);
  if (given.scope) parts.push(`scope="${given.scope}"`);
  return parts.join(', ');
}

/** A 401 with its challenge (RFC 7644 §2, RFC 9110 §11.6.1). */
export function unauthorized(detail: string, given: Given = {}): ScimError {
  return new ScimError(401, detail, { headers: { 'www-authenticate': challenge(given) } });
}
