import type { AccountStatus } from '../../protocol/account-status.ts';
import { invalidSyntax, invalidValue } from '../../protocol/errors.ts';
import { abridged, kindOf } from '../../protocol/json.ts';
import { ACCOUNT_STATUSES } from '../../schema/account.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';

/** What a body says of a user; null unassigns. */
export interface UserFields {
  readonly email?: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly role?: string | null;
  readonly status?: AccountStatus;
}

const WRITABLE = ['email', 'firstName', 'lastName', 'role', 'status'];
/** What the server gives: ignored, since clients send back what they read. */
const READ_ONLY = ['id', 'createdAt', 'updatedAt'];

/** The fields of a new user; a status is ignored, as it is the server that sets it. Throws what is wrong with the body. */
export function newUserFields(body: JsonValue): UserFields & { readonly email: string } {
  const { status: _, ...fields } = userFields(body);
  const { email } = fields;
  if (email === undefined) throw invalidValue('The field email is required; send the address of the user.');
  return { ...fields, email };
}

/** The fields that a body gives a user; throws what is wrong with it. */
export function userFields(body: JsonValue): UserFields {
  if (!isObject(body)) throw invalidSyntax(`The body must be a JSON object with a user; got ${kindOf(body)}.`);
  const unknown = Object.keys(body).find((name) => !WRITABLE.includes(name) && !READ_ONLY.includes(name));
  if (unknown !== undefined) {
    throw invalidValue(`A user has no field "${abridged(unknown)}"; the fields to send are ${WRITABLE.join(', ')}.`);
  }
  return {
    ...('email' in body ? { email: emailIn(body) } : {}),
    ...('firstName' in body ? { firstName: textIn(body, 'firstName') } : {}),
    ...('lastName' in body ? { lastName: textIn(body, 'lastName') } : {}),
    ...('role' in body ? { role: textIn(body, 'role') } : {}),
    ...('status' in body ? { status: statusIn(body) } : {}),
  };
}

/** The text of a field; null where it says that there is none. */
export function textIn(body: JsonObject, name: string): string | null {
  const value = body[name];
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw invalidValue(`The field ${name} needs a string, or null for none; got ${kindOf(value)}.`);
}

/** An address that an invitation could be sent to: something on both sides of an @, and no space. */
export function emailIn({ email }: JsonObject): string {
  const at = typeof email === 'string' ? email.lastIndexOf('@') : -1;
  if (typeof email === 'string' && at > 0 && at < email.length - 1 && !/\s/.test(email)) return email;
  throw invalidValue(`The field email needs an e-mail address; got ${kindOf(email)}.`);
}

function statusIn({ status }: JsonObject): AccountStatus {
  const found = ACCOUNT_STATUSES.find((candidate) => candidate === status);
  if (found) return found;
  throw invalidValue(`The field status is one of ${ACCOUNT_STATUSES.join(', ')}; got ${kindOf(status)}.`);
}
