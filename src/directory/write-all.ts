import { ScimError } from '../protocol/errors.ts';
import { writeChanges } from './change.ts';
import type { Change } from './changes.ts';
import type { Context, Scope } from './context.ts';

/** Most changes that are tried in one transaction, so that others don't wait long for its locks. */
export const CHANGES_AT_ONCE = 250;

/**
 * Carries out changes of resources that may be deleted meanwhile by others, and gives the number of those that were done.
 * Any other refusal is thrown.
 */
export async function writeAll(context: Context, scope: Scope, changes: readonly Change[]): Promise<number> {
  let done = 0;
  let left = changes;
  while (left.length > 0) {
    const written = await writeChanges(context, scope, left.slice(0, CHANGES_AT_ONCE));
    for (const one of written) {
      if (!(one instanceof ScimError)) done += 1;
      else if (one.status !== 404) throw one;
    }
    left = left.slice(written.length);
  }
  return done;
}
