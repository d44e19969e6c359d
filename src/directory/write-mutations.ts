import { instantText } from '../schema/instant-text.ts';
import { sameJson } from '../schema/json.ts';
import type { Database } from '../storage/database.ts';
import { uniqueViolation } from '../storage/errors.ts';
import type { EventRow } from '../storage/events.ts';
import { type ChangedResource, updateResources } from '../storage/write-resources.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import { type Ledger, MovedOn, taken } from './ledger.ts';
import { hashKept } from './password-hashes.ts';
import { eventsOf } from './record.ts';

type Altering = Extract<Draft, { kind: 'alter' }>;

/**
 * Stores changed resources and their events, or nothing where a change has no effect; `regrouped` are the groups whose
 * members have changed. A single one whose new unique value is taken throws the refusal; where one was not locked and has
 * changed since it was read, `MovedOn` is thrown.
 */
export async function writeMutations(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Altering[],
  regrouped: ReadonlySet<string>,
): Promise<void> {
  const changed: ChangedResource[] = [];
  const events: EventRow[] = [];
  for (const draft of drafts) {
    const { change, row, before, after, doc, password } = draft;
    const membersMoved = regrouped.has(row.id);
    // RFC 7644 §3.5.2.1: what has no effect moves neither version nor lastModified.
    if (sameJson(before, after) && !membersMoved && password === undefined) {
      ledger.written.set(draft, row);
      continue;
    }
    const { type, kind } = change;
    const [id, version, at] = [row.id, row.version + 1, context.clock()];
    const passwordHash = hashKept(draft);
    changed.push({
      type,
      id,
      version,
      at,
      before,
      after,
      doc,
      ...(passwordHash === undefined ? {} : { passwordHash }),
    });
    ledger.written.set(draft, { ...row, version, lastModified: instantText(at), doc });
    const beyondDocument = [...(membersMoved ? ['members'] : []), ...(password === undefined ? [] : ['password'])];
    const own = eventsOf(context, scope, { type, id, kind, version, at, before, after, beyondDocument });
    events.push(...own);
    ledger.events.set(draft, own);
  }
  if (changed.length === 0) return;
  try {
    const written = await updateResources(tx, scope.tenantId, changed, events);
    if (written.size < changed.length) throw new MovedOn();
  } catch (error) {
    const [only, another] = changed;
    const single = only && !another && drafts.length === 1;
    if (single && uniqueViolation(error) === 'resources_unique_key') throw taken(only.type, only.after);
    throw error;
  }
}
