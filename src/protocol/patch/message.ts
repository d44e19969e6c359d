import { isObject, type JsonValue, memberNamed } from '../../schema/json.ts';
import { PATCH_OP } from '../../schema/urns.ts';
import { invalidSyntax } from '../errors.ts';
import { kindOf } from '../json.ts';
import { MAX_PATCH_OPERATIONS } from '../limits.ts';
import { messageOf } from '../message.ts';
import { operationName, withoutNull } from '../quirks/operations.ts';
import type { QuirkSet } from '../quirks/quirks.ts';

/** One operation of a PatchOp message (RFC 7644 §3.5.2). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string | undefined;
  /** Undefined when none was sent; null when null was. */
  readonly value: JsonValue | undefined;
}

/** The operations of a PATCH body; throws `invalidSyntax` when it is no PatchOp message. */
export function readPatchMessage(body: unknown, quirks: QuirkSet): PatchOperation[] {
  const message = messageOf(body, PATCH_OP, quirks);
  const operations = memberNamed(message, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) {
    throw invalidSyntax('A PatchOp message needs "Operations", an array of at least one operation.');
  }
  if (operations.length > MAX_PATCH_OPERATIONS) {
    throw invalidSyntax(
      `The PATCH has ${operations.length} operations; send at most ${MAX_PATCH_OPERATIONS} in one request.`,
    );
  }
  return operations.map((operation, index) => readOperation(operation, index, quirks));
}

function readOperation(given: JsonValue, index: number, quirks: QuirkSet): PatchOperation {
  const where = `Operations[${index}]`;
  if (!isObject(given)) throw invalidSyntax(`${where} must be an object with "op"; got ${kindOf(given)}.`);
  const op = operationName(memberNamed(given, 'op'), quirks);
  if (op === undefined) {
    throw invalidSyntax(`${where}.op must be "add", "remove" or "replace"; got ${kindOf(memberNamed(given, 'op'))}.`);
  }
  const path = withoutNull(memberNamed(given, 'path'), quirks);
  if (path !== undefined && typeof path !== 'string') {
    throw invalidSyntax(`${where}.path must be a string, or left out; got ${kindOf(path)}.`);
  }
  if (path === undefined && quirks.has('pathRequired')) {
    throw invalidSyntax(`${where} has no path; send an operation with a path for each attribute.`);
  }
  const value = memberNamed(given, 'value');
  if (op !== 'remove' && value === undefined) throw invalidSyntax(`${where} has the op "${op}" and needs a "value".`);
  return { op, path, value };
}
