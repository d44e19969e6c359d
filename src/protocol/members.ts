import { isObject, type JsonValue, memberNamed } from '../schema/json.ts';
import { invalidValue } from './errors.ts';
import { kindOf } from './json.ts';
import { MAX_MEMBERS_PER_REQUEST } from './limits.ts';
import type { MemberReference } from './patch/membership.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';
import { isEmptyText } from './quirks/values.ts';

/**
 * The members that a value names. Only `value` counts: `$ref`, `display` and `type` follow from the resource it names, and
 * clients send them null, relative, foreign or not at all.
 */
export function readMembers(given: JsonValue, quirks: QuirkSet): MemberReference[] {
  if (given === null || isEmptyText(given, quirks, 'members')) return [];
  const list = Array.isArray(given) ? given : takes(quirks, 'objectForMany', 'members') ? [given] : undefined;
  if (!list) throw invalidValue(`members needs an array of {"value": id}, but got ${kindOf(given)}.`);
  return memberList(list, quirks);
}

/** The members that the elements of a list name, each once. */
export function memberList(list: readonly JsonValue[], quirks: QuirkSet): MemberReference[] {
  checkMemberCount(list.length);
  const ids = new Set<string>();
  for (const [index, element] of list.entries()) {
    const id = memberId(element, index, quirks);
    if (id !== undefined) ids.add(id);
  }
  return [...ids].map((value) => ({ value }));
}

/** Refuses a request that names more members than one transaction should change. */
export function checkMemberCount(count: number): void {
  if (count <= MAX_MEMBERS_PER_REQUEST) return;
  throw invalidValue(
    `The request names ${count} members; send at most ${MAX_MEMBERS_PER_REQUEST} and add the rest by PATCH.`,
  );
}

/** The id in an element; undefined when it is sent empty, which names no more than an id that is unknown. */
function memberId(element: JsonValue, index: number, quirks: QuirkSet): string | undefined {
  // A member as plain text: the reference Postman collection.
  const named = isObject(element) || takes(quirks, 'bareValue', 'members');
  const id = isObject(element) ? memberNamed(element, 'value') : element;
  if (named && (id === '' || (id === null && isObject(element))) && takes(quirks, 'unknownMembersSkipped', 'members')) {
    return undefined;
  }
  if (!named || typeof id !== 'string' || id === '') {
    throw invalidValue(`members[${index}] needs "value", the id of a User or Group; got ${kindOf(id)}.`);
  }
  return id;
}
