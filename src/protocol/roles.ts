import type { RoleSetDefinition } from '../schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue, memberNamed } from '../schema/json.ts';
import { invalidValue } from './errors.ts';
import { abridged, kindOf } from './json.ts';
import type { QuirkSet } from './quirks/quirks.ts';
import { isEmptyText } from './quirks/values.ts';

/** What a sender says of each role it names: held or not. */
export type RoleStatements = ReadonlyMap<string, boolean>;

/**
 * The roles that a value names, in every shape that clients send: `{"admin":true}`, `[{"value":"admin","primary":true}]`,
 * `["admin"]`, `"admin"`, and JSON text inside `value`. Throws `invalidValue` for an unknown role and for a value that is
 * no boolean.
 */
export function readRoles(roleSet: RoleSetDefinition, given: JsonValue, quirks: QuirkSet): RoleStatements {
  const statements = new Map<string, boolean>();
  if (Array.isArray(given)) {
    for (const element of given) {
      if (!isNothing(element, quirks)) statements.set(roleOf(roleSet, element), true);
    }
  } else if (isObject(given) && !isRfcElement(roleSet, given)) {
    for (const [name, value] of Object.entries(given)) {
      statements.set(roleNamed(roleSet, name), heldFrom(name, value, quirks));
    }
  } else if (!isNothing(given, quirks)) {
    statements.set(roleOf(roleSet, given), true);
  }
  return statements;
}

/** The role of that name, in any letter case; throws `invalidValue` naming those there are. */
export function roleNamed(roleSet: RoleSetDefinition, name: string): string {
  const found = roleSet.names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    throw invalidValue(`"${abridged(name)}" is no role of this tenant; the roles are ${roleSet.names.join(', ')}.`);
  }
  return found;
}

/** Whether a value says that the role is held: a boolean, or its text as clients send it. */
export function heldFrom(name: string, value: JsonValue, quirks: QuirkSet): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (word === 'true' || word === 'false') return word === 'true';
  // Null is the absence of a value (RFC 7643 §2.5), and an absent role is not held.
  if (isNothing(value, quirks)) return false;
  throw invalidValue(`roles.${abridged(name)} needs true or false, but got ${kindOf(value)}.`);
}

function isNothing(value: JsonValue, quirks: QuirkSet): boolean {
  return value === null || isEmptyText(value, quirks);
}

/** `{"value":"admin"}` is one element of the RFC's array, unless a role is called "value". */
function isRfcElement(roleSet: RoleSetDefinition, given: JsonObject): boolean {
  return memberNamed(given, 'value') !== undefined && !roleSet.names.some((name) => name.toLowerCase() === 'value');
}

function roleOf(roleSet: RoleSetDefinition, element: JsonValue): string {
  const value = isObject(element) ? memberNamed(element, 'value') : element;
  if (typeof value !== 'string') {
    throw invalidValue(`A role needs the name of a role, such as {"value": "${roleSet.names[0]}"}.`);
  }
  return roleNamed(roleSet, nameInJsonText(value) ?? value);
}

/** The role in `{"id":"…","value":"admin","displayName":"…"}` given as text: Entra's app roles. */
function nameInJsonText(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const inner: unknown = JSON.parse(text);
    const value = isObject(inner) ? memberNamed(inner, 'value') : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
