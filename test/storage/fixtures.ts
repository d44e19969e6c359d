import { v7 } from 'uuid';
import type { CheckedFilter } from '../../src/protocol/filter/ast.ts';
import { checkFilter } from '../../src/protocol/filter/check.ts';
import { parseFilter } from '../../src/protocol/filter/parse.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { type ResolvedAttribute, resolveAttribute } from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Database } from '../../src/storage/database.ts';
import { type GroupRow, groupRows } from '../../src/storage/groups.ts';
import { applyMembership, type MembershipContext } from '../../src/storage/members.ts';
import { findResources } from '../../src/storage/resources.ts';
import { type IndexPage, type Search, searchResources } from '../../src/storage/search.ts';
import { insertResources } from '../../src/storage/write-resources.ts';

export const AT = new Date('2026-11-21T10:00:00.123Z');

/** Beginning of the URIs of resources of a type. */
export const locations = (typeNumber: number) =>
  `http://localhost/scim/v2/${typeNumber === GROUP_TYPE.number ? 'Groups' : 'Users'}/`;
/** The types of members. */
const MEMBER_TYPES = [USER_TYPE.number, GROUP_TYPE.number];

export const typeNames = (typeNumber: number) => (typeNumber === GROUP_TYPE.number ? 'Group' : 'User');

/** Stores a user and gives its id. */
export async function insertUser(db: Database, tenantId: string, attributes: JsonObject, at = AT): Promise<string> {
  return insert(db, tenantId, USER_TYPE, attributes, at);
}

/** Stores many users and gives their ids. */
export async function insertUsers(
  db: Database,
  tenantId: string,
  users: readonly JsonObject[],
): Promise<readonly string[]> {
  const resources = users.map((attributes) => {
    const id = v7();
    return { type: USER_TYPE, id, at: AT, document: { schemas: [USER_TYPE.schema.id], id, ...attributes } };
  });
  for (let start = 0; start < resources.length; start += BATCH) {
    await insertResources(db, tenantId, resources.slice(start, start + BATCH));
  }
  return resources.map(({ id }) => id);
}

/** Resources that are stored at a time. */
const BATCH = 500;

/** Stores a group with members and gives its id. */
export async function insertGroup(
  db: Database,
  tenantId: string,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> {
  const id = await insert(db, tenantId, GROUP_TYPE, { displayName }, AT);
  await addMembers(db, tenantId, id, members);
  return id;
}

/** Adds members to a group. */
export async function addMembers(
  db: Database,
  tenantId: string,
  groupId: string,
  members: readonly string[],
): Promise<void> {
  const step = { kind: 'add', members: members.map((value) => ({ value })) } as const;
  await applyMembership(db, membershipOf(tenantId, groupId), [step]);
}

async function insert(db: Database, tenantId: string, type: ResourceTypeDefinition, attributes: JsonObject, at: Date) {
  const id = v7();
  const document: JsonObject = { schemas: [type.schema.id], id, ...attributes };
  const stored = await insertResources(db, tenantId, [{ type, id, at, document }]);
  if (!stored.has(id)) throw new Error(`another ${type.name} has that name`);
  return id;
}

/** Membership changes of a group, unknown members refused. */
export function membershipOf(tenantId: string, groupId: string, skipUnknown = false): MembershipContext {
  return {
    tenantId,
    groupId,
    skipUnknown,
    location: locations,
    typeName: typeNames,
    memberTypes: MEMBER_TYPES,
  };
}

/** The filter of that text. */
export function filterOf(type: ResourceTypeDefinition, text: string): CheckedFilter {
  const parsed = parseFilter(text, { unquotedValues: false, keywordCase: false, rawBackslash: false });
  return checkFilter(parsed, type, { quotedBooleans: false, numbersAsStrings: false, searchExtensions: false });
}

/** What the path names. */
export function attributeOf(type: ResourceTypeDefinition, path: string): ResolvedAttribute {
  const found = resolveAttribute(type, path);
  if (!found) throw new Error(`no attribute ${path}`);
  return found;
}

/** What a test asks of a search over one type. */
export interface SearchGiven extends Partial<IndexPage> {
  readonly filter?: CheckedFilter;
  readonly sort?: { readonly by: ResolvedAttribute; readonly descending: boolean };
}

/** A search over all resources of the type, up to a thousand, and the page: what `searchResources` takes. */
export function searchOf(
  tenantId: string,
  type: ResourceTypeDefinition,
  { filter, sort, offset = 0, limit = 1000 }: SearchGiven = {},
): [Search, IndexPage] {
  const one = { type, ...(filter ? { filter } : {}), ...(sort ? { sortBy: sort.by } : {}) };
  const descending = sort?.descending === true;
  return [
    { tenantId, types: [one], descending, locations, typeNames, memberTypes: MEMBER_TYPES },
    { offset, limit },
  ];
}

/** The ids that the filter of that text selects, in order. */
export async function idsWhere(
  db: Database,
  tenantId: string,
  type: ResourceTypeDefinition,
  text: string,
): Promise<string[]> {
  const { rows } = await searchResources(db, ...searchOf(tenantId, type, { filter: filterOf(type, text) }));
  return rows.map((row) => row.id);
}

/** The groups that the resources are in, by resource. */
export async function groupsOf(
  db: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, GroupRow[]>> {
  const found = await findResources(db, tenantId, ids, { groups: true });
  return new Map(ids.map((id) => [id, groupRows(found.get(id)?.groups)]));
}
