import { ScimError } from '../protocol/errors.ts';
import { SCHEME_FORMS, type Surface } from './schemes.ts';

interface Given {
  error?: 'invalid_token' | 'insufficient_scope';
  scope?: string;
  /** Private: why, where the answer must not say it. */
  cause?: Error;
}

type Challenging = Pick<Surface, 'scheme' | 'realm'>;

/** A `WWW-Authenticate` value (RFC 6750 §3, RFC 7617 §2); it has no error when the request held no credential at all. */
export function challenge({ scheme, realm }: Challenging, given: Given = {}): string {
  const parts = [`${SCHEME_FORMS[scheme].name} realm="${realm}"`];
  // The parameters are those of bearer tokens; other schemes have none.
  if (given.error && scheme === 'bearer') parts.push(`error="${given.error}"`);
  if (given.scope && scheme === 'bearer') parts.push(`scope="${given.scope}"`);
  return parts.join(', ');
}

/** A 401 with its challenge (RFC 7644 §2, RFC 9110 §11.6.1). */
export function unauthorized(surface: Challenging, detail: string, given: Given = {}): ScimError {
  const headers = { 'www-authenticate': challenge(surface, given) };
  return new ScimError(401, detail, { headers, cause: given.cause });
}
