import type { JsonObject } from '../schema/json.ts';
import { ERROR } from '../schema/urns.ts';

/** The detail keywords of RFC 7644 §3.12 Table 9 and, the last three, of RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

interface Given {
  scimType?: ScimType;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
  refusedInput?: boolean;
}

/**
 * A failure as RFC 7644 §3.12 describes it. `detail` is public: it says what was wrong and what to send instead. `cause`
 * is private: it is logged and never sent.
 */
export class ScimError extends Error {
  readonly status: number;
  readonly detail: string;
  readonly scimType: ScimType | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** A well-formed message whose content was refused: a profile may give these another status than 400. */
  readonly refusedInput: boolean;

  constructor(status: number, detail: string, given: Given = {}) {
    super(detail, { cause: given.cause });
    this.name = 'ScimError';
    this.status = status;
    this.detail = detail;
    this.scimType = given.scimType;
    this.headers = given.headers ?? {};
    this.refusedInput = given.refusedInput ?? false;
  }
}

/** A failure that was asked for, to test clients: nobody is to blame for it, whatever its status. */
export class PlayedFault extends ScimError {}

/** A request that is turned away unread, to get the others done. It is no failure, and too frequent then to be logged. */
export class LoadShed extends ScimError {
  constructor(detail: string, retryAfterSeconds: number) {
    super(503, detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
  }
}

const badRequest = (scimType: ScimType) => (detail: string) => new ScimError(400, detail, { scimType });

/** The message is not JSON, or not the SCIM message that this request takes. */
export const invalidSyntax = badRequest('invalidSyntax');
/** The filter is malformed, or compares what can't be compared. */
export const invalidFilter = badRequest('invalidFilter');
/** The PATCH path is malformed or names no attribute. */
export const invalidPath = badRequest('invalidPath');
/** The PATCH path names no value that there is. */
export const noTarget = badRequest('noTarget');
/** The change is not allowed by the attribute's mutability or by its being required. */
export const mutability = badRequest('mutability');
/** A query parameter's value can't be used. */
export const invalidParameter = badRequest('invalidValue');

/** The answer would hold more than the server is willing to put together (RFC 7644 §3.4.2.1). */
export const tooMany = badRequest('tooMany');

/** The cursor is none that the server gave for this query (RFC 9865 §2.1). */
export const invalidCursor = badRequest('invalidCursor');
/** The cursor was given too long ago (RFC 9865 §2.1). */
export const expiredCursor = badRequest('expiredCursor');
/** The count can't be used, or is not that of the first page (RFC 9865 §2.1). */
export const invalidCount = badRequest('invalidCount');

/** A value in a well-formed message can't be accepted (400, or the profile's `invalidInputStatus`). */
export function invalidValue(detail: string): ScimError {
  return new ScimError(400, detail, { scimType: 'invalidValue', refusedInput: true });
}

/** Another resource bears the value (RFC 7644 §3.3). */
export function uniqueness(detail: string): ScimError {
  return new ScimError(409, detail, { scimType: 'uniqueness' });
}

/** The thing is in a state that rules the request out. */
export function conflict(detail: string): ScimError {
  return new ScimError(409, detail);
}

/** What the URI holds must not be in one (RFC 7644 §7.5.2). */
export function sensitive(detail: string): ScimError {
  return new ScimError(403, detail, { scimType: 'sensitive' });
}

/** More requests than the limit lets in (RFC 6585 §4). */
export function tooManyRequests(detail: string, headers: Readonly<Record<string, string>>): ScimError {
  return new ScimError(429, detail, { headers });
}

/** The resource does not exist, or not for this tenant. */
export function notFound(detail: string): ScimError {
  return new ScimError(404, detail);
}

/** What the server needs is out of reach for now; the request may succeed when it is sent again after that time. */
export function unavailable(detail: string, retryAfterSeconds: number): ScimError {
  return new ScimError(503, detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
}

/** The status of a failure where refused input has that one. */
export function statusOf(failure: ScimError, invalidInputStatus: number): number {
  return failure.refusedInput ? invalidInputStatus : failure.status;
}

/** The body of an error (RFC 7644 §3.12); its status is a string. */
export function errorBody(status: number, failure: Pick<ScimError, 'scimType' | 'detail'>): JsonObject {
  return {
    schemas: [ERROR],
    status: String(status),
    ...(failure.scimType ? { scimType: failure.scimType } : {}),
    detail: failure.detail,
  };
}
