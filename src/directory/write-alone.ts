import { ScimError } from '../protocol/errors.ts';
import { isTransaction, whileTransient } from '../storage/database.ts';
import type { Change } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { type Draft, draftChanges } from './draft.ts';
import { MovedOn, type Written } from './ledger.ts';
import { isForbiddenToOwners } from './owner-protection.ts';
import { keepHashes, withoutHash } from './password-hashes.ts';
import { holdsMembers } from './representation.ts';
import { rememberPast } from './seen.ts';
import { uniqueDifference } from './unique-values.ts';
import { writeDrafts } from './write.ts';

/** How often a change is made of what was read without a lock, before it waits for its turn. */
export const ATTEMPTS_WITHOUT_LOCK = 3;

/**
 * Carries out a change that a single statement writes, without a transaction: a transaction's two round trips and its lock
 * cost more than the rest. What the statement changes is guarded by the version that was read; where another was quicker the
 * change is made anew, of what that one has left. Undefined, with nothing written, where locks are needed: for what is
 * more than one statement, and for what others keep changing.
 */
export async function writeAlone(context: Context, scope: Scope, change: Change): Promise<Written | undefined> {
  if (!mayStandAlone(context, scope, change)) return undefined;
  for (let attempt = 0; attempt < ATTEMPTS_WITHOUT_LOCK; attempt++) {
    try {
      return await whileTransient(() => writeOnce(context, scope, change));
    } catch (error) {
      if (error instanceof ScimError) return error;
      if (!(error instanceof MovedOn)) throw error;
    }
  }
  return undefined;
}

/** In a transaction a statement that fails takes everything before it along, so changes need savepoints of their own. */
function mayStandAlone({ db }: Context, scope: Scope, change: Change): boolean {
  if (isTransaction(db) || scope.dialect.profile.provisioning === 'manual') return false;
  if (change.kind === 'create') return change.memberships.length === 0;
  return (change.kind === 'put' || change.kind === 'patch') && !holdsMembers(change.type);
}

async function writeOnce(context: Context, scope: Scope, change: Change): Promise<Written | undefined> {
  const { db } = context;
  const [draft] = await draftChanges(db, scope, [change], 'read');
  if (!draft || !isOneStatement(scope, draft)) return undefined;
  // Most changes set none, and need not wait a turn for that.
  if (withoutHash([draft]).length > 0) await keepHashes(context, [draft]);
  await rememberPast(db, scope, [draft]);
  const [written] = await writeDrafts(db, context, scope, [draft]);
  return written;
}

/** Unique values have statements of their own. */
function isOneStatement(scope: Scope, draft: Draft): boolean {
  if (draft.kind === 'refused') return true;
  if (draft.kind === 'alter') {
    const { before, after, memberships } = draft;
    if (memberships.length > 0 || isForbiddenToOwners(scope, before, after)) return false;
  }
  const { taken, released } = uniqueDifference(draft);
  return taken.length === 0 && released.length === 0;
}
