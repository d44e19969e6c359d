import type { Database } from '../storage/database.ts';
import { type EventRow, insertEvents } from '../storage/events.ts';
import { applyMemberships, type MembershipPlan, refusedMembers } from '../storage/members.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import { type Ledger, open, type Written } from './ledger.ts';
import { membershipRules } from './membership-rules.ts';
import { refuseTakenKeys } from './taken-keys.ts';
import { moveUniqueValues, refuseTakenValues } from './unique-values.ts';
import { writeCreations } from './write-creations.ts';
import { writeLinks } from './write-links.ts';
import { writeMutations } from './write-mutations.ts';
import { writeRemovals } from './write-removals.ts';
import { writeTasks } from './write-tasks.ts';

const NONE: ReadonlySet<string> = new Set();

type Storing = Extract<Draft, { kind: 'create' | 'alter' }>;

/**
 * Writes drafts that do not depend on each other, as statements on sets: new resources, memberships, changed resources,
 * removals, tasks, events. Of several drafts one that can't be written is refused and leaves nothing behind; a single one may
 * throw its refusal, and then the transaction has to be undone.
 */
export async function writeDrafts(
  tx: Database,
  context: Context,
  scope: Scope,
  drafts: readonly Draft[],
): Promise<Written[]> {
  const ledger: Ledger = { written: new Map(), events: new Map(), unstored: [] };
  for (const draft of drafts) if (draft.kind === 'refused') ledger.written.set(draft, draft.error);
  const creating = drafts.filter((draft) => draft.kind === 'create');
  const altering = drafts.filter((draft) => draft.kind === 'alter');
  // A single draft needs no look before: when it fails, the transaction does.
  if (drafts.length > 1) {
    await refuseUnknownMembers(tx, scope, ledger, [...creating, ...altering]);
    await refuseTakenKeys(tx, scope, ledger, open(ledger, altering));
    await refuseTakenValues(tx, scope, ledger, [...creating, ...altering]);
  }
  await writeCreations(tx, context, scope, ledger, open(ledger, creating));
  await moveUniqueValues(tx, scope, open(ledger, creating));
  const plans = open(ledger, [...creating, ...altering])
    .map(planOf)
    .filter(({ steps }) => steps.length > 0);
  const regrouped = plans.length > 0 ? await applyMemberships(tx, membershipRules(scope), plans) : NONE;
  await writeMutations(tx, context, scope, ledger, open(ledger, altering), regrouped);
  await moveUniqueValues(tx, scope, open(ledger, altering));
  const linking = drafts.filter((draft) => draft.kind === 'link');
  await writeLinks(tx, context, scope, ledger, linking);
  const removing = drafts.filter((draft) => draft.kind === 'remove');
  const lost = await writeRemovals(tx, context, scope, ledger, removing);
  await writeTasks(tx, context, scope, ledger, drafts, lost);
  scope.watch?.writing(eventsIn(ledger, drafts));
  await insertEvents(tx, ledger.unstored);
  return drafts.map((draft) => {
    const written = ledger.written.get(draft);
    if (!written) throw new Error('every draft is written or refused');
    return written;
  });
}

function eventsIn(ledger: Ledger, drafts: readonly Draft[]): EventRow[] {
  const events: EventRow[] = [];
  for (const draft of drafts) events.push(...(ledger.events.get(draft) ?? []));
  events.push(...ledger.unstored);
  return events;
}

async function refuseUnknownMembers(
  tx: Database,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Storing[],
): Promise<void> {
  const rules = membershipRules(scope);
  if (rules.skipUnknown) return;
  const arriving = new Set(drafts.flatMap((draft) => (draft.kind === 'create' ? [draft.change.id] : [])));
  const refused = await refusedMembers(tx, rules, drafts.map(planOf), arriving);
  for (const draft of drafts) {
    const refusal = refused.get(planOf(draft).groupId);
    if (refusal) ledger.written.set(draft, refusal);
  }
  // By itself a new resource meets a taken name first, and then the answer names that.
  const creating = drafts.filter((draft) => draft.kind === 'create' && ledger.written.has(draft));
  await refuseTakenKeys(tx, scope, ledger, creating);
}

function planOf(draft: Storing): MembershipPlan {
  return draft.kind === 'create'
    ? { groupId: draft.change.id, steps: draft.change.memberships }
    : { groupId: draft.row.id, steps: draft.memberships };
}
