import type { Mutation } from '../../directory/changes.ts';
import { accountStatus, uninvited } from '../../protocol/account-status.ts';
import { invalidValue } from '../../protocol/errors.ts';
import { applyPatch } from '../../protocol/patch/apply.ts';
import type { PatchOperation } from '../../protocol/patch/message.ts';
import { NO_QUIRKS } from '../../protocol/quirks/quirks.ts';
import { fold } from '../../schema/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import type { UserFields } from './user-fields.ts';
import { emailOf, preferredIndex, roleOf } from './user-view.ts';

/** The User message of a new user with these fields, who signs in with the e-mail address. */
export function newUser(type: ResourceTypeDefinition, fields: UserFields & { readonly email: string }): JsonObject {
  const { email, firstName, lastName, role } = fields;
  const name = { ...(firstName ? { givenName: firstName } : {}), ...(lastName ? { familyName: lastName } : {}) };
  return {
    schemas: [type.schema.id],
    userName: email,
    emails: [emailElement(email)],
    ...(Object.keys(name).length > 0 ? { name } : {}),
    ...(role ? { roles: [roleElement(role)] } : {}),
  };
}

/** The change that gives a user these fields and leaves all else as it is. */
export function changeTo(type: ResourceTypeDefinition, fields: UserFields): Mutation['mutate'] {
  return (current) => {
    const operations = [
      ...emailOperations(current, fields.email),
      ...nameOperations('givenName', fields.firstName),
      ...nameOperations('familyName', fields.lastName),
      ...roleOperations(type, current, fields.role),
      ...statusOperations(current, fields.status),
    ];
    const outcome = applyPatch(type, current, operations, NO_QUIRKS);
    if (fields.status !== 'suspended') return outcome;
    return { ...outcome, document: uninvited(type, outcome.document) };
  };
}

function emailOperations(current: JsonObject, email: string | undefined): PatchOperation[] {
  const before = emailOf(current);
  if (email === undefined || email === before) return [];
  const elements = Array.isArray(current.emails) ? current.emails : [];
  const preferred = preferredIndex(elements);
  const changed = elements.map((element, index) =>
    index === preferred && isObject(element) ? { ...element, value: email } : element,
  );
  return [
    replace('emails', changed.length > 0 ? changed : [emailElement(email)]),
    // Who signs in with the address goes on doing so, and the old one is free for others.
    ...(fold(String(current.userName)) === fold(before) ? [replace('userName', email)] : []),
  ];
}

function nameOperations(part: 'givenName' | 'familyName', text: string | null | undefined): PatchOperation[] {
  if (text === undefined) return [];
  return [text === null ? remove(`name.${part}`) : replace(`name.${part}`, text)];
}

/** A user has one role here, so that another one takes the place of all. */
function roleOperations(
  type: ResourceTypeDefinition,
  current: JsonObject,
  role: string | null | undefined,
): PatchOperation[] {
  if (role === undefined || role === roleOf(type, current)) return [];
  return [role === null ? remove('roles') : replace('roles', [roleElement(role)])];
}

function statusOperations(current: JsonObject, status: UserFields['status']): PatchOperation[] {
  if (status === undefined || status === accountStatus(current)) return [];
  if (status === 'invited') {
    throw invalidValue(
      `The status "invited" is had by new users only; this user is ${accountStatus(current)}: send "active" or "suspended".`,
    );
  }
  return [replace('active', status === 'active')];
}

function replace(path: string, value: JsonValue): PatchOperation {
  return { op: 'replace', path, value };
}

function remove(path: string): PatchOperation {
  return { op: 'remove', path, value: undefined };
}

function emailElement(email: string): JsonObject {
  return { value: email, type: 'work', primary: true };
}

function roleElement(role: string): JsonObject {
  return { value: role, primary: true };
}
