import type { MembershipStep } from '../protocol/patch/membership.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { membersAdded } from '../storage/membership.ts';
import type { OwnedUniqueValue } from '../storage/unique-values.ts';
import { uniqueKeyOf } from '../storage/write-resources.ts';
import type { Draft } from './draft.ts';
import { linkId } from './links.ts';
import { uniqueDifference } from './unique-values.ts';

/** The groups that a resource is a direct member of. */
export type GroupsContaining = (id: string) => readonly string[];

/** What earlier changes of a list touch, as far as it can matter to later ones. */
interface Touched {
  readonly ids: Set<string>;
  /** Groups in which memberships begin or end. */
  readonly linked: Set<string>;
  /** Ids of these memberships. */
  readonly links: Set<string>;
  /** Unique keys that new resources take. */
  readonly inserted: Set<string>;
  /** Unique keys that other changes take or give up. */
  readonly moved: Set<string>;
  /** Unique values that other attributes take or give up. */
  readonly values: Set<string>;
  readonly externalIds: Set<string>;
  readonly members: Set<string>;
  readonly removed: Set<string>;
  /** Groups that lose a member by its deletion. */
  readonly losing: Set<string>;
}

/**
 * How many of the changes, from the first on, may be written at once with the same result as one after the other. At least
 * one. All of them were drafted on what is stored, so the first that an earlier one could have made come out otherwise ends
 * the count.
 */
export function independentCount(drafts: readonly Draft[], groupsContaining: GroupsContaining): number {
  const touched: Touched = {
    ids: new Set(),
    linked: new Set(),
    links: new Set(),
    inserted: new Set(),
    moved: new Set(),
    values: new Set(),
    externalIds: new Set(),
    members: new Set(),
    removed: new Set(),
    losing: new Set(),
  };
  for (const [index, draft] of drafts.entries()) {
    if (index > 0 && (selectsMembers(draft) || dependsOn(draft, touched, groupsContaining))) return index;
    note(draft, touched, groupsContaining);
    if (selectsMembers(draft)) return index + 1;
  }
  return drafts.length;
}

/** Whether it finds members by a filter, which may look at anything in them. */
function selectsMembers(draft: Draft): boolean {
  return (
    draft.kind === 'alter' &&
    draft.memberships.some((step) => step.kind === 'removeWhere' || step.kind === 'replaceWhere')
  );
}

function dependsOn(draft: Draft, touched: Touched, groupsContaining: GroupsContaining): boolean {
  if (uniqueDifference(draft).taken.some((value) => touched.values.has(valueName(value)))) return true;
  if (draft.kind === 'create') {
    const key = keyOf(draft.change.type, draft.change.document);
    const members = addedMembers(draft);
    // Among new resources the first has the name; but whether one with members is refused for its name or for them
    // depends on which is known first.
    if (key !== undefined && (touched.moved.has(key) || (members.length > 0 && touched.inserted.has(key)))) return true;
    return members.some((id) => touched.removed.has(id));
  }
  const { change, row } = draft;
  if (change.kind !== 'create' && row?.id !== change.address) {
    if (touched.externalIds.has(named(change.type, change.address))) return true;
  }
  if (row && (touched.ids.has(row.id) || touched.losing.has(row.id))) return true;
  // Of one group any number of memberships begin and end at once, each once.
  if (draft.kind === 'link') return touched.links.has(linkId(draft.change)) || touched.removed.has(draft.change.member);
  if (row && touched.linked.has(row.id)) return true;
  if (draft.kind === 'alter') {
    const { before, after } = draft;
    const key = keyOf(change.type, after);
    const takes = key !== undefined && key !== keyOf(change.type, before);
    if (takes && (touched.moved.has(key) || touched.inserted.has(key))) return true;
    return addedMembers(draft).some((id) => touched.removed.has(id));
  }
  if (draft.kind === 'remove') {
    const { id } = draft.row;
    return (
      touched.members.has(id) ||
      groupsContaining(id).some((group) => touched.ids.has(group) || touched.linked.has(group))
    );
  }
  return false;
}

function note(draft: Draft, touched: Touched, groupsContaining: GroupsContaining): void {
  if (draft.kind === 'refused') return;
  const { type } = draft.change;
  for (const id of addedMembers(draft)) touched.members.add(id);
  const { taken, released } = uniqueDifference(draft);
  for (const value of [...taken, ...released]) touched.values.add(valueName(value));
  if (draft.kind === 'create') {
    touched.ids.add(draft.change.id);
    add(touched.inserted, keyOf(type, draft.change.document));
    add(touched.externalIds, externalIdOf(type, draft.change.document));
    return;
  }
  if (draft.kind === 'link') {
    touched.linked.add(draft.row.id);
    touched.links.add(linkId(draft.change));
    return;
  }
  touched.ids.add(draft.row.id);
  const after = draft.kind === 'alter' ? draft.after : undefined;
  addDifference(touched.moved, keyOf(type, draft.before), after && keyOf(type, after));
  addDifference(touched.externalIds, externalIdOf(type, draft.before), after && externalIdOf(type, after));
  if (draft.kind === 'remove') {
    touched.removed.add(draft.row.id);
    for (const group of groupsContaining(draft.row.id)) touched.losing.add(group);
  }
}

function valueName({ typeName, path, key }: OwnedUniqueValue): string {
  return `${typeName} ${path.path} ${key}`;
}

function addedMembers(draft: Draft): string[] {
  if (draft.kind === 'create') return idsAdded(draft.change.memberships);
  if (draft.kind === 'link') return draft.change.kind === 'join' ? [draft.change.member] : [];
  return draft.kind === 'alter' ? idsAdded(draft.memberships) : [];
}

function idsAdded(steps: readonly MembershipStep[]): string[] {
  return steps.flatMap(membersAdded).map(({ value }) => value);
}

function addDifference(set: Set<string>, before: string | undefined, after: string | undefined): void {
  if (before === after) return;
  add(set, before);
  add(set, after);
}

function add(set: Set<string>, value: string | undefined): void {
  if (value !== undefined) set.add(value);
}

function keyOf(type: ResourceTypeDefinition, document: JsonObject): string | undefined {
  const key = uniqueKeyOf(type, document);
  return key === null ? undefined : named(type, key);
}

function externalIdOf(type: ResourceTypeDefinition, document: JsonObject): string | undefined {
  return typeof document.externalId === 'string' ? named(type, document.externalId) : undefined;
}

function named(type: ResourceTypeDefinition, name: string): string {
  return `${type.number} ${name}`;
}
