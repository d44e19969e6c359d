import type { Database } from '../storage/database.ts';
import { holdersOfUniqueKeys } from '../storage/resources.ts';
import { uniqueKeyOf } from '../storage/write-resources.ts';
import type { Scope } from './context.ts';
import type { Draft } from './draft.ts';
import { type Ledger, taken } from './ledger.ts';

/** Refuses those whose new unique value another resource has, so that the others can be stored. */
export async function refuseTakenKeys(
  tx: Database,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Extract<Draft, { kind: 'create' | 'alter' }>[],
): Promise<void> {
  const asked = drafts.flatMap((draft) => {
    const { type } = draft.change;
    const after = draft.kind === 'create' ? draft.change.document : draft.after;
    const before = draft.kind === 'create' ? null : uniqueKeyOf(type, draft.before);
    const key = uniqueKeyOf(type, after);
    return key === null || key === before ? [] : [{ draft, type, after, key }];
  });
  const keys = asked.map(({ type, key }) => ({ typeNumber: type.number, name: key }));
  const holders = await holdersOfUniqueKeys(tx, scope.tenantId, keys);
  for (const [index, { draft, type, after }] of asked.entries()) {
    if (holders[index] !== undefined) ledger.written.set(draft, taken(type, after));
  }
}
