import { parseJsonBody } from '../../../src/protocol/json.ts';
import { applyPatch, type PatchOutcome } from '../../../src/protocol/patch/apply.ts';
import { readPatchMessage } from '../../../src/protocol/patch/message.ts';
import { ALL_QUIRKS, NO_QUIRKS, type QuirkSet } from '../../../src/protocol/quirks/quirks.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../../src/schema/urns.ts';

/** One operation as a client sends it. */
export type Sent = { op: string; path?: JsonValue; value?: JsonValue };

export const WORK: JsonObject = { value: 'j@work', type: 'work', primary: true };
export const HOME: JsonObject = { value: 'j@home', type: 'home' };

/** The document of a User. */
export function userDocument(more: JsonObject = {}): JsonObject {
  return { schemas: [USER_SCHEMA], id: 'u1', userName: 'jdoe', ...more };
}

/** The document of a Group. */
export const GROUP_DOCUMENT: JsonObject = { schemas: [GROUP_SCHEMA], id: 'g1', displayName: 'Staff' };

/** What a PATCH makes of a document, through the text of its body as a server gets it. */
export function patched(
  current: JsonObject,
  operations: readonly Sent[],
  quirks: QuirkSet = ALL_QUIRKS,
  type = current.userName === undefined ? GROUP_TYPE : USER_TYPE,
): PatchOutcome {
  const body = parseJsonBody(JSON.stringify({ schemas: [PATCH_OP], Operations: operations }));
  return applyPatch(type, current, readPatchMessage(body, quirks), quirks);
}

/** The document after a PATCH where real clients are understood. */
export const lenient = (current: JsonObject, ...operations: Sent[]) => patched(current, operations).document;
/** The document after a PATCH by the letter. */
export const strict = (current: JsonObject, ...operations: Sent[]) => patched(current, operations, NO_QUIRKS).document;
