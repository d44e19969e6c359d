import type { JsonObject } from '../../schema/json.ts';
import { BULK_RESPONSE } from '../../schema/urns.ts';
import { errorBody, ScimError, statusOf } from '../errors.ts';
import { etagOf } from '../etag.ts';
import { locationOf } from '../render.ts';
import type { SentOperation } from './message.ts';
import type { Operation } from './operation.ts';

/** An operation of a bulk request and what became of it; undefined when it was not carried out any more. */
export interface Processed {
  readonly sent: SentOperation;
  readonly operation: Operation | ScimError;
  readonly written: { readonly id: string; readonly version: number } | ScimError | undefined;
}

const SUCCESS = { POST: '201', PUT: '200', PATCH: '200', DELETE: '204' } as const;

/** The BulkResponse (RFC 7644 §3.7.3): a result for each operation that was processed, in the order of the request. */
export function bulkResponse(processed: readonly Processed[], baseUrl: string, invalidInputStatus: number): JsonObject {
  const results = processed.filter(({ written }) => written !== undefined);
  return {
    schemas: [BULK_RESPONSE],
    Operations: results.map((one) => resultOf(one, baseUrl, invalidInputStatus)),
  };
}

function resultOf({ sent, operation, written }: Processed, baseUrl: string, invalidInputStatus: number): JsonObject {
  const identity: JsonObject = {
    ...(typeof sent.method === 'string' ? { method: sent.method.toUpperCase() } : {}),
    ...(sent.bulkId === undefined ? {} : { bulkId: sent.bulkId }),
  };
  if (written && !(written instanceof ScimError) && !(operation instanceof ScimError)) {
    const { method, type } = operation;
    return {
      ...identity,
      ...(method === 'DELETE' ? {} : { version: etagOf(written.version) }),
      location: locationOf(baseUrl, type, written.id),
      status: SUCCESS[method],
    };
  }
  const error = [written, operation].find((one) => one instanceof ScimError);
  if (!error) throw new Error('what was not written was refused');
  const status = statusOf(error, invalidInputStatus);
  const location = identity.method === 'POST' ? undefined : locationSent(sent, operation, baseUrl);
  return {
    ...identity,
    ...(location === undefined ? {} : { location }),
    status: String(status),
    response: errorBody(status, error),
  };
}

/** The URI of what a failed operation was about; as it was sent, where it names nothing. */
function locationSent(sent: SentOperation, operation: Operation | ScimError, baseUrl: string): string | undefined {
  if (!(operation instanceof ScimError) && operation.method !== 'POST') {
    return locationOf(baseUrl, operation.type, encodeURIComponent(operation.address));
  }
  if (typeof sent.path !== 'string') return undefined;
  return sent.path.includes('://') ? sent.path : `${baseUrl}/${sent.path.replace(/^\/+/, '')}`;
}
