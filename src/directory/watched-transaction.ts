import { inTransaction } from '../storage/database.ts';
import type { EventRow } from '../storage/events.ts';
import type { ChangeWatch, Context, Scope } from './context.ts';

/**
 * Runs `work`, which carries out changes, in one transaction: whoever watches the scope hears of them when all of it is
 * committed, and of nothing that is undone. Like that of `inTransaction` it may run more than once.
 */
export async function inWatchedTransaction<T>(
  context: Context,
  scope: Scope,
  work: (within: Context, scope: Scope) => Promise<T>,
): Promise<T> {
  const told: EventRow[] = [];
  const result = await inTransaction(context.db, (tx) => {
    told.length = 0;
    let staged: readonly EventRow[] = [];
    const watch: ChangeWatch = {
      writing: (events) => {
        staged = events;
      },
      committed: () => {
        told.push(...staged);
        staged = [];
      },
    };
    return work({ ...context, db: tx }, { ...scope, watch });
  });
  scope.watch?.writing(told);
  scope.watch?.committed();
  return result;
}
