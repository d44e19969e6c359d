import { notFound } from '../protocol/errors.ts';
import { etagOf } from '../protocol/etag.ts';
import { abridged } from '../protocol/json.ts';
import { MAX_MEMBERS_AT_ONCE } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { locationOf, renderResource } from '../protocol/render.ts';
import { emptyObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { jsonTextOf, parseJson } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { type LargeGroup, largeGroup, membersIn } from '../storage/large-group.ts';
import { type MemberRow, membersOf } from '../storage/members.ts';
import type { TypedRow } from '../storage/resources.ts';
import type { Context, Scope } from './context.ts';
import { memberShown, type Representation, readingFor, representOne, wantedOf } from './representation.ts';
import { resourceSeenAt } from './seen.ts';

/** Members that are read at a time while a group is answered in parts. */
export const MEMBERS_IN_PART = 1000;

/** A resource as it is answered, its JSON in parts that are read one after the other, as fast as somebody takes them. */
export interface RepresentationInParts {
  readonly id: string;
  readonly etag: string;
  readonly location: string;
  readonly parts: AsyncIterable<string>;
}

/**
 * GET of one resource (RFC 7644 §3.4.1), in parts where it has more members than are answered at once. Which members there
 * are is read together with the resource, so that all parts are of one version of it, however long they take, and nothing is
 * held open in the database while somebody takes them. The first part goes out while it is read who is in the others; the names
 * that are shown beside their members are read with each.
 */
export async function readInParts(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  projection: Projection,
): Promise<Representation | RepresentationInParts> {
  const { db } = context;
  const { tenantId } = scope;
  const row = await resourceSeenAt(db, scope, type, address, readingFor(type, projection));
  const attribute = wantedOf(type, 'rows', projection);
  if (attribute === undefined || scope.past || !keepsEach(attribute, projection)) {
    return representOne(db, scope, type, row, projection);
  }
  const members = (await membersOf(db, tenantId, [row.id], MAX_MEMBERS_AT_ONCE + 1)).get(row.id) ?? [];
  if (members.length <= MAX_MEMBERS_AT_ONCE) return representOne(db, scope, type, { ...row, members }, projection);
  const group = await largeGroup(db, tenantId, row.id, MEMBERS_IN_PART);
  if (!group) throw notFound(`There is no ${type.name} "${abridged(address)}".`);
  // All have left meanwhile.
  if (group.first.length === 0) return representOne(db, scope, type, { ...group.row, members: [] }, projection);
  return {
    id: row.id,
    etag: etagOf(group.row.version),
    location: locationOf(scope.baseUrl, type, row.id),
    parts: partsOf(db, scope, type, group, attribute, projection),
  };
}

async function* partsOf(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  { row, first, others }: LargeGroup,
  attribute: string,
  projection: Projection,
): AsyncGenerator<string> {
  const shown = memberShown(scope);
  const textOf = (some: readonly MemberRow[]) =>
    JSON.stringify(kept(attribute, some.map(shown), projection)).slice(1, -1);
  const { before, after } = around(scope, type, row, attribute, projection);
  yield `${before}${textOf(first)}`;
  for await (const some of membersIn(db, scope.tenantId, await others, MEMBERS_IN_PART)) yield `,${textOf(some)}`;
  yield after;
}

/** The text of the answer around the members: from its beginning into their list, and from the end of that. */
function around(
  scope: Scope,
  type: ResourceTypeDefinition,
  row: TypedRow,
  attribute: string,
  projection: Projection,
): { before: string; after: string } {
  const document = parseJson(row.doc) as JsonObject;
  const { meta } = renderResource(type, emptyObject(), {}, row, scope.baseUrl);
  const [head, rest] = [document, { ...(meta === undefined ? {} : { meta }) }].map((part) =>
    jsonTextOf(projection.isWhole ? part : projection.apply(part)),
  );
  // There is a member in the head at least: `schemas` and `id` are always answered.
  return {
    before: `${head?.slice(0, -1)},${JSON.stringify(attribute)}:[`,
    after: rest === '{}' ? ']}' : `],${rest?.slice(1)}`,
  };
}

/** The part of the elements that the answer holds. */
function kept(attribute: string, elements: readonly JsonObject[], projection: Projection): readonly JsonValue[] {
  if (projection.isWhole) return elements;
  const applied = projection.apply({ [attribute]: [...elements] })[attribute];
  return Array.isArray(applied) ? applied : [];
}

/** Whether the answer holds something of every member, so that each part has as many elements as it has members. */
function keepsEach(attribute: string, projection: Projection): boolean {
  return kept(attribute, [{ value: '' }], projection).length === 1;
}
