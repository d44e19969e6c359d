import type { Membership } from '../protocol/membership.ts';
import type { Database } from '../storage/database.ts';
import { deleteResources } from '../storage/delete-resources.ts';
import type { EventRow } from '../storage/events.ts';
import { touchGroups } from '../storage/members.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import type { Ledger } from './ledger.ts';
import { ownerRefusal } from './owner-protection.ts';
import { eventsOf, newEvent } from './record.ts';
import { holdsMembers } from './representation.ts';

/**
 * Deletes resources for good, and with them their memberships; each group moves on once for each member that it loses. The
 * deletion of the tenant's owner is refused where the scope may not act on it. Gives the memberships that groups lost.
 */
export async function writeRemovals(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Extract<Draft, { kind: 'remove' }>[],
): Promise<readonly Membership[]> {
  const [first] = drafts;
  if (!first) return [];
  const at = context.clock();
  const deletions = drafts.map((draft) => {
    const { change, row, before } = draft;
    const recorded = { type: change.type, id: row.id, kind: 'delete', version: row.version, at, before } as const;
    return { draft, events: eventsOf(context, scope, { ...recorded, after: undefined }) };
  });
  const { ids, lost } = await deleteResources(
    tx,
    scope.tenantId,
    drafts.map(({ row }) => row.id),
    { events: deletions.flatMap(({ events }) => events), sparingOwner: !scope.mayActOnOwner },
  );
  for (const { draft, events } of deletions) {
    const { row } = draft;
    const deleted = ids.has(row.id);
    ledger.written.set(draft, deleted ? row : ownerRefusal('deleted'));
    if (deleted) ledger.events.set(draft, events);
  }
  await moveGroups(tx, context, scope, ledger, lost, at);
  return lost;
}

/** Makes a new version of each group for each member that it has lost, with an event of its own. */
async function moveGroups(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  lost: readonly Membership[],
  at: Date,
): Promise<void> {
  const groups = lost.map(({ group }) => group);
  const touched = await touchGroups(tx, scope.tenantId, groups, at);
  const versions = new Map(touched.map(({ id, version }) => [id, version]));
  for (const id of groups) versions.set(id, (versions.get(id) ?? 0) - 1);
  for (const id of groups) {
    const version = (versions.get(id) ?? 0) + 1;
    versions.set(id, version);
    ledger.unstored.push(...memberLoss(context, scope, id, version, at));
  }
}

function memberLoss(context: Context, scope: Scope, group: string, version: number, at: Date): EventRow[] {
  const type = scope.dialect.registry.types.find(holdsMembers);
  if (!type) return [];
  const about = { typeNumber: type.number, resourceId: group, version, attributes: ['members'], at };
  return [newEvent(context, scope, { kind: 'patch', ...about })];
}
