/** The error codes that the token endpoint answers with (RFC 6749 §5.2; the last two come from its §4.1.2.1). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable';

interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

// RFC 6749 §5.2: neither quotation marks nor backslashes, and nothing beyond ASCII.
const UNPRINTABLE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g;

/** A failure of the token endpoint. `description` is public; `reason` goes to the log alone. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly description: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string | undefined;

  constructor(code: OAuthErrorCode, description: string, { status = 400, headers = {}, reason }: Given = {}) {
    const printable = description.replaceAll(UNPRINTABLE, "'");
    super(printable);
    this.name = 'OAuthError';
    this.code = code;
    this.description = printable;
    this.status = status;
    this.headers = headers;
    this.reason = reason;
  }
}

/** The request is malformed, or repeats what must come once. */
export function invalidRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}

/** The client is not who it says. Whatever the reason, the answer is the same: it must not tell which clients there are. */
export function invalidClient(reason: string): OAuthError {
  return new OAuthError('invalid_client', 'The client is unknown, or its secret or assertion is not valid.', {
    status: 401,
    // RFC 6749 §5.2 asks for the scheme that the client used; the one that there is does for all.
    headers: { 'www-authenticate': 'Basic realm="OAuth"' },
    reason,
  });
}

/** The assertion that is the grant is not taken (RFC 7523 §3.1). */
export function invalidGrant(reason: string): OAuthError {
  return new OAuthError('invalid_grant', 'The assertion is not valid, or of no issuer that is trusted here.', {
    reason,
  });
}

/** Too many failures came before. */
export function tooManyFailures(seconds: number): OAuthError {
  return new OAuthError('temporarily_unavailable', `Too many failures; try again in ${seconds} seconds.`, {
    status: 429,
    headers: { 'retry-after': String(seconds) },
  });
}
