import { invalidValue, type ScimError } from '../protocol/errors.ts';
import { MAX_RESOURCE_BYTES } from '../protocol/limits.ts';

/** What a UTF-16 unit takes in UTF-8 at most. */
const BYTES_PER_UNIT = 3;

/**
 * The refusal of a resource whose JSON would be too large: whoever reads many of them at once has to hold them all. One that was
 * stored as large before may stay so.
 */
export function refusedAsLarge(doc: string, before = ''): ScimError | undefined {
  if (doc.length * BYTES_PER_UNIT <= MAX_RESOURCE_BYTES) return undefined;
  const bytes = Buffer.byteLength(doc);
  if (bytes <= MAX_RESOURCE_BYTES || bytes <= Buffer.byteLength(before)) return undefined;
  return invalidValue(
    `The resource would have ${bytes} bytes of JSON; at most ${MAX_RESOURCE_BYTES} are kept. Send fewer or shorter values.`,
  );
}
