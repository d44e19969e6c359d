import { notFound } from '../protocol/errors.ts';
import { etagOf } from '../protocol/etag.ts';
import { abridged } from '../protocol/json.ts';
import { MAX_MEMBERS_AT_ONCE } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { locationOf } from '../protocol/render.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { type LargeGroup, largeGroup, membersIn } from '../storage/large-group.ts';
import { membersOf } from '../storage/members.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Context, Scope } from './context.ts';
import { groupText, MEMBERS_IN_PART, textOfPresent } from './members-in-parts.ts';
import { type Representation, readingFor, representOne, wantedOf } from './representation.ts';
import { resourceSeenAt } from './seen.ts';

/** A resource as it is answered, its JSON in parts that are read one after the other, as fast as somebody takes them. */
export interface RepresentationInParts {
  readonly id: string;
  readonly etag: string;
  readonly location: string;
  readonly parts: AsyncIterable<string>;
  readonly body?: undefined;
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
  if (attribute === undefined || scope.past) return representOne(db, scope, type, row, projection);
  const members = (await membersOf(db, tenantId, [row.id], MAX_MEMBERS_AT_ONCE + 1)).get(row.id) ?? [];
  if (members.length <= MAX_MEMBERS_AT_ONCE) return representOne(db, scope, type, { ...row, members }, projection);
  const group = await largeGroup(db, tenantId, row.id, MEMBERS_IN_PART);
  if (!group) throw notFound(`There is no ${type.name} "${abridged(address)}".`);
  return {
    id: row.id,
    etag: etagOf(group.row.version),
    location: locationOf(scope.baseUrl, type, row.id),
    parts: groupText(scope, type, group.row, attribute, projection, membersOfLarge(db, tenantId, group)),
  };
}

/** A group that was read or written already, in parts whose members are those that it has when they are taken. */
export function representInParts(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  row: ResourceRow,
  attribute: string,
  projection: Projection,
): RepresentationInParts {
  return {
    id: row.id,
    etag: etagOf(row.version),
    location: locationOf(scope.baseUrl, type, row.id),
    parts: textOfPresent(db, scope, type, row, attribute, projection),
  };
}

async function* membersOfLarge(db: Database, tenantId: string, { first, others }: LargeGroup) {
  yield first;
  yield* membersIn(db, tenantId, await others, MEMBERS_IN_PART);
}
