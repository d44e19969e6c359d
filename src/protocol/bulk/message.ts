import { isObject, type JsonValue } from '../../schema/json.ts';
import { BULK_REQUEST } from '../../schema/urns.ts';
import { invalidSyntax, invalidValue, ScimError } from '../errors.ts';
import { abridged, kindOf, wholeNumberIn } from '../json.ts';
import { MAX_BULK_OPERATIONS } from '../limits.ts';
import { memberNamed, messageOf } from '../message.ts';
import type { QuirkSet } from '../quirks/quirks.ts';

/** An operation of a bulk request as it was sent; undefined is what was left out. */
export interface SentOperation {
  readonly method: JsonValue | undefined;
  readonly bulkId: JsonValue | undefined;
  readonly version: JsonValue | undefined;
  readonly path: JsonValue | undefined;
  readonly data: JsonValue | undefined;
}

/** A bulk request (RFC 7644 §3.7). */
export interface BulkRequest {
  readonly operations: readonly SentOperation[];
  /** After that many errors nothing more is carried out. */
  readonly failOnErrors: number | undefined;
}

/** The bulk request in a body; throws what is wrong with the request as a whole. */
export function readBulkRequest(body: unknown, quirks: QuirkSet): BulkRequest {
  const message = messageOf(body, BULK_REQUEST, quirks);
  const given = memberNamed(message, 'Operations');
  if (!Array.isArray(given) || given.length === 0) {
    throw invalidSyntax('A BulkRequest message needs "Operations", an array of at least one operation.');
  }
  if (given.length > MAX_BULK_OPERATIONS) {
    // RFC 7644 §3.7.4: the answer says which limit.
    throw new ScimError(
      413,
      `The request has ${given.length} operations, more than the maxOperations of ${MAX_BULK_OPERATIONS}; send it in parts.`,
    );
  }
  const operations = given.map(readOperation);
  refuseRepeatedBulkIds(operations);
  return { operations, failOnErrors: readFailOnErrors(memberNamed(message, 'failOnErrors')) };
}

function readOperation(given: JsonValue, index: number): SentOperation {
  if (!isObject(given)) {
    throw invalidSyntax(`Operations[${index}] must be an object with "method" and "path"; got ${kindOf(given)}.`);
  }
  const member = (name: string) => memberNamed(given, name);
  return {
    method: member('method'),
    bulkId: member('bulkId'),
    version: member('version'),
    path: member('path'),
    data: member('data'),
  };
}

function refuseRepeatedBulkIds(operations: readonly SentOperation[]): void {
  const seen = new Set<string>();
  for (const [index, { bulkId }] of operations.entries()) {
    if (typeof bulkId !== 'string') continue;
    if (seen.has(bulkId)) {
      throw invalidSyntax(
        `Operations[${index}] has the bulkId "${abridged(bulkId)}" of an earlier one; give each operation its own.`,
      );
    }
    seen.add(bulkId);
  }
}

function readFailOnErrors(given: JsonValue | undefined): number | undefined {
  if (given === undefined) return undefined;
  const errors = wholeNumberIn(given);
  if (errors === undefined || errors < 1) {
    throw invalidValue(`failOnErrors must be an integer of at least 1, or left out; got ${kindOf(given)}.`);
  }
  return errors;
}
