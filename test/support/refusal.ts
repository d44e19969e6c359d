import { ScimError } from '../../src/protocol/errors.ts';

/** How a call is refused, as `"400 invalidValue"`; fails when it is not, or with another error than a SCIM one. */
export function refusalOf(call: () => unknown): string {
  const { status, scimType } = refused(call);
  return scimType === undefined ? String(status) : `${status} ${scimType}`;
}

/** The error with which a call is refused. */
export function refused(call: () => unknown): ScimError {
  let outcome: unknown;
  try {
    outcome = call();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error(`not refused, but answered ${JSON.stringify(outcome)}`);
}
