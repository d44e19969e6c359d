import type { Membership } from '../protocol/membership.ts';
import type { Database } from '../storage/database.ts';
import type { EventRow } from '../storage/events.ts';
import { touchGroups } from '../storage/members.ts';
import { deleteResources } from '../storage/write-resources.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import type { Ledger } from './ledger.ts';
import { eventsOf } from './record.ts';
import { holdsMembers } from './representation.ts';

/** Deletes resources for good, and with them their memberships; each group moves on once for each member that it loses.
 * Gives the memberships that groups lost. */
export async function writeRemovals(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Extract<Draft, { kind: 'remove' }>[],
): Promise<Membership[]> {
  const [first] = drafts;
  if (!first) return [];
  const at = context.clock();
  const ids = drafts.map(({ row }) => row.id);
  const lost = await deleteResources(tx, scope.tenantId, ids);
  const touched = await touchGroups(
    tx,
    scope.tenantId,
    lost.map(({ group }) => group),
    at,
  );
  const losses = new Map<string, number>();
  for (const { group } of lost) losses.set(group, (losses.get(group) ?? 0) + 1);
  const versions = new Map(touched.map(({ id, version }) => [id, version - (losses.get(id) ?? 0)]));
  for (const draft of drafts) {
    const { change, row, before } = draft;
    const recorded = { type: change.type, id: row.id, kind: 'delete', version: row.version, at, before } as const;
    const events = eventsOf(context, scope, { ...recorded, after: undefined });
    for (const { group, member } of lost) {
      const version = member === row.id ? versions.get(group) : undefined;
      if (version === undefined) continue;
      versions.set(group, version + 1);
      events.push(...memberLoss(context, scope, group, version + 1, at));
    }
    ledger.written.set(draft, row);
    ledger.events.set(draft, events);
  }
  return lost;
}

function memberLoss(context: Context, scope: Scope, group: string, version: number, at: Date): EventRow[] {
  const type = scope.dialect.registry.types.find(holdsMembers);
  if (!type) return [];
  return [
    {
      tenantId: scope.tenantId,
      id: context.newId(),
      kind: 'patch',
      typeNumber: type.number,
      resourceId: group,
      version,
      attributes: ['members'],
      actor: scope.actor,
      requestId: scope.requestId,
      at,
    },
  ];
}
