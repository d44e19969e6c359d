import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { BULK_REQUEST, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';

/** A BulkRequest message. */
export function bulk(operations: readonly JsonValue[], more: JsonObject = {}): JsonObject {
  return { schemas: [BULK_REQUEST], Operations: [...operations], ...more };
}

/** An operation that creates a user. */
export function postUser(bulkId: string, userName: string, more: JsonObject = {}): JsonObject {
  return { method: 'POST', path: '/Users', bulkId, data: { schemas: [USER_SCHEMA], userName, ...more } };
}

/** An operation that creates a group. */
export function postGroup(bulkId: string, displayName: string, members: readonly string[] = []): JsonObject {
  const data = { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) };
  return { method: 'POST', path: '/Groups', bulkId, data };
}

/** An operation that patches what is at the path. */
export function patch(path: string, operations: JsonValue[], more: JsonObject = {}): JsonObject {
  return { method: 'PATCH', path, data: { schemas: [PATCH_OP], Operations: operations }, ...more };
}

/** The part of a PATCH that adds a member. */
export function addMember(value: string): JsonObject {
  return { op: 'add', path: 'members', value: [{ value }] };
}

/** The results in a BulkResponse. */
export function results(body: JsonObject): JsonObject[] {
  return body.Operations as JsonObject[];
}

/** The statuses in a BulkResponse. */
export function statuses(body: JsonObject): string[] {
  return results(body).map((result) => String(result.status));
}

/** The id of the resource that a result is about. */
export function idOf(result: JsonObject | undefined): string {
  return String(result?.location).split('/').at(-1) ?? '';
}
