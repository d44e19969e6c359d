import { instantText } from '../schema/instant-text.ts';
import type { Database } from '../storage/database.ts';
import type { EventRow } from '../storage/events.ts';
import { insertResources } from '../storage/write-resources.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import { type Ledger, taken } from './ledger.ts';
import { eventsOf, type Recorded } from './record.ts';

/** Stores new resources and their events; one whose unique value is taken is refused. */
export async function writeCreations(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Extract<Draft, { kind: 'create' }>[],
): Promise<void> {
  if (drafts.length === 0) return;
  const told: EventRow[] = [];
  const created = drafts.map((draft) => {
    const { type, id, document: after, former, memberships } = draft.change;
    const [at, version] = [context.clock(), former?.version ?? 1];
    const beyondDocument = memberships.length > 0 ? ['members'] : [];
    const recorded: Recorded = { type, id, kind: 'create', version, at, before: undefined, after, beyondDocument };
    const events = eventsOf(context, scope, recorded);
    told.push(...events);
    return { draft, at, version, events };
  });
  const stored = await insertResources(
    tx,
    scope.tenantId,
    created.map(({ draft: { change, doc }, at }) => {
      const { type, id, document, passwordHash, former } = change;
      return { type, id, at, document, doc, ...former, ...(passwordHash === undefined ? {} : { passwordHash }) };
    }),
    told,
  );
  for (const { draft, at, version, events } of created) {
    const { doc } = draft;
    const { type, id, document, former } = draft.change;
    if (!stored.has(id)) {
      ledger.written.set(draft, taken(type, document));
      continue;
    }
    const created = instantText(former?.created ?? at);
    const row = { id, version, created, lastModified: instantText(at), doc };
    ledger.written.set(draft, row);
    ledger.events.set(draft, events);
  }
}
