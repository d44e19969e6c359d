import { type AccountStatus, accountStatus } from '../../protocol/account-status.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import { coreAttribute } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { rolesHeld } from '../../schema/role-set.ts';

/** A user as applications with an API of their own tell of one: a single address, a single role. */
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly fullName: string;
  readonly role: string | null;
  readonly status: AccountStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The view of a SCIM User, as it is answered. */
export function userView(type: ResourceTypeDefinition, user: JsonObject): UserView {
  const { id, meta, displayName } = user;
  const { created, lastModified } = isObject(meta) ? meta : {};
  const email = emailOf(user);
  const { formatted, givenName, familyName } = isObject(user.name) ? user.name : {};
  const firstName = textOf(givenName);
  const lastName = textOf(familyName);
  const parts = [firstName, lastName].filter((part) => part !== null).join(' ');
  return {
    id: String(id),
    email,
    firstName,
    lastName,
    fullName: textOf(formatted) ?? (parts || (textOf(displayName) ?? email)),
    role: roleOf(type, user),
    status: accountStatus(user),
    createdAt: String(created),
    updatedAt: String(lastModified),
  };
}

/** The e-mail address of the user: the primary one, else the first, else the userName. */
export function emailOf(user: JsonObject): string {
  const elements = listOf(user.emails);
  return textOf(valueIn(elements[preferredIndex(elements)])) ?? String(user.userName);
}

/** The role of the user: the primary one, else the first, else none. */
export function roleOf(type: ResourceTypeDefinition, user: JsonObject): string | null {
  const roleSet = coreAttribute(type, 'roles')?.roleSet;
  if (roleSet) return [...rolesHeld(roleSet, user.roles)][0] ?? null;
  const elements = listOf(user.roles);
  return textOf(valueIn(elements[preferredIndex(elements)]));
}

/** Where in the values of an attribute the one is that stands for all: the primary one, else the first. */
export function preferredIndex(elements: readonly JsonValue[]): number {
  return Math.max(
    0,
    elements.findIndex((element) => isObject(element) && element.primary === true),
  );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function valueIn(element: JsonValue | undefined): JsonValue | undefined {
  return isObject(element) ? element.value : undefined;
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
