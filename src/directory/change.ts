import { ScimError } from '../protocol/errors.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { uniqueViolation } from '../storage/errors.ts';
import { groupsContaining } from '../storage/members.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Change } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { type Draft, draftChanges } from './draft.ts';
import { independentCount } from './independence.ts';
import type { Written } from './ledger.ts';
import { keepHashes, withoutHash } from './password-hashes.ts';
import { holdsMembers } from './representation.ts';
import { rememberPast } from './seen.ts';
import { writeDrafts } from './write.ts';
import { writeAlone } from './write-alone.ts';

/** How a list of changes is carried out. */
export interface WriteOptions {
  /** All or none: when one is refused, none is written. The changes may refer to each other in any order. */
  readonly together?: boolean;
  /** How many refusals are accepted; no change of the list is carried out after the last of them. */
  readonly maxRefusals?: number;
}

/** Thrown to undo the transaction; what was found out in it still counts. */
class Undone extends Error {
  readonly written: readonly Written[];
  constructor(written: readonly Written[]) {
    super('undone');
    this.written = written;
  }
}

/** Thrown to undo the transaction, in which passwords would take long to hash. */
class Unhashed extends Error {
  readonly drafts: readonly Draft[];
  constructor(drafts: readonly Draft[]) {
    super('passwords are not hashed yet');
    this.drafts = drafts;
  }
}

/** Carries out one change, by itself; a removal gives the resource as it was. */
export async function writeChange(context: Context, scope: Scope, change: Change): Promise<ResourceRow> {
  const [written] = await writeChanges(context, scope, [change]);
  if (!written || written instanceof ScimError) throw written;
  return written;
}

/**
 * The one write path: carries out changes with the result that they have one after the other. As many of them, from the
 * first on, as do not depend on each other are done at once, in one transaction or one statement: lock, conditions, pure functions, the
 * tenant's rules, then rows, memberships and events. Gives what became of those, which are at least one; the caller
 * comes again with the others. A change that is refused keeps none of the others from being carried out.
 */
export async function writeChanges(
  context: Context,
  scope: Scope,
  changes: readonly Change[],
  { together = false, maxRefusals = Number.POSITIVE_INFINITY }: WriteOptions = {},
): Promise<readonly Written[]> {
  const [only, another] = changes;
  const alone = only && !another ? await writeAlone(context, scope, only) : undefined;
  if (alone) {
    if (!(alone instanceof ScimError)) scope.watch?.committed();
    return [alone];
  }
  let asked = changes;
  let isRepeated = false;
  for (;;) {
    const allOrNone = together || asked.length === 1;
    try {
      const done = await inTransaction(context.db, async (tx) => {
        const written = await writeAtOnce(tx, context, scope, asked, together);
        const processed = together ? written.length : untilRefusal(written, maxRefusals);
        const refused = written.some((one) => one instanceof ScimError);
        if (processed < written.length || (allOrNone && refused)) throw new Undone(written.slice(0, processed));
        return written;
      });
      scope.watch?.committed();
      return done;
    } catch (error) {
      if (error instanceof Unhashed) {
        const failure = await failureOf(keepHashes(context, error.drafts));
        if (failure === undefined) continue;
        if (allOrNone) throw failure;
      }
      if (error instanceof Undone && allOrNone) return error.written;
      if (error instanceof ScimError && asked.length === 1) return [error];
      if (allOrNone && !isRepeated && uniqueViolation(error) !== undefined) {
        // Taken in that very moment; looked for once more, it is found, and told of.
        isRepeated = true;
        continue;
      }
      if (allOrNone) throw error;
      // Too many were carried out, or one could not be written beside the others, such as a name that was taken just then.
      asked = asked.slice(0, error instanceof Undone ? error.written.length : 1);
    }
  }
}

/** What the promise was rejected with. */
function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (failure: unknown) => failure ?? new Error('no reason was given'),
  );
}

async function writeAtOnce(
  tx: Database,
  context: Context,
  scope: Scope,
  changes: readonly Change[],
  together: boolean,
): Promise<Written[]> {
  const drafts = await draftChanges(tx, scope, changes);
  const unhashed = withoutHash(drafts);
  if (unhashed.length > 0) throw new Unhashed(unhashed);
  await rememberPast(tx, scope, drafts);
  if (together || drafts.length === 1) return writeDrafts(tx, context, scope, drafts);
  const groups = await groupsLosingMembers(tx, scope, drafts);
  const count = independentCount(drafts, (id) => groups.get(id) ?? []);
  return writeDrafts(tx, context, scope, drafts.slice(0, count));
}

/** The groups that lose a member by removals; it matters only when groups are changed or removed beside them. */
async function groupsLosingMembers(
  tx: Database,
  scope: Scope,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const removed = drafts.flatMap((draft) => (draft.kind === 'remove' ? [draft.row.id] : []));
  const groupsMove = drafts.some(({ kind, change }) => kind !== 'create' && holdsMembers(change.type));
  if (removed.length === 0 || !groupsMove) return new Map();
  return groupsContaining(tx, scope.tenantId, removed);
}

/** How many are processed until the refusal of that number. */
function untilRefusal(written: readonly Written[], number: number): number {
  let refusals = 0;
  for (const [index, one] of written.entries()) {
    if (one instanceof ScimError && ++refusals >= number) return index + 1;
  }
  return written.length;
}
