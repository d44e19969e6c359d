import { eventLine, sealLine } from '../events/seal.ts';
import { sealEvents } from '../events/sealing.ts';
import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { eventsWithIds } from '../storage/event-log.ts';
import { type Seal, type SealName, sealNumbered, sealsAfter, sealsWithin } from '../storage/seals.ts';
import type { Tenant } from '../storage/tenants.ts';
import { SEALS_AT_ONCE } from './audit-verify.ts';
import type { Context } from './context.ts';
import { typeNames } from './event-listing.ts';
import { instantAsked } from './instant-asked.ts';

/** The format of an export, named in its first line. */
export const AUDIT_FORMAT = 'rollcall-audit/1';

/** Which part of the trail is exported; left out, all of it. Seals are exported whole. */
export interface ExportAsked {
  /** Only what follows the seal of that number. */
  readonly after?: string | undefined;
  /** From the first seal on that has an event of this instant or later; a time ago such as `2h` is one too. */
  readonly since?: string | undefined;
  /** Up to the last seal that has an event before this instant. */
  readonly until?: string | undefined;
}

/**
 * The tenant's events as lines of JSON, sealed to the last one: a head, then each seal and after it its events, and an end by
 * which a whole export is told from one that was cut. Whoever has the lines can verify them without the database.
 */
export async function exportEvents(
  context: Context,
  tenant: Tenant,
  asked: ExportAsked,
): Promise<AsyncGenerator<string>> {
  const after = numberAsked(asked.after);
  const since = asked.since === undefined ? undefined : instantAsked(context, 'since', asked.since);
  const until = asked.until === undefined ? undefined : instantAsked(context, 'until', asked.until);
  for await (const _ of sealEvents(context.db, context.clock, tenant.id));
  const within = await sealsWithin(context.db, tenant.id, { ...(since && { since }), ...(until && { until }) });
  const before = after > 0 ? await sealNumbered(context.db, tenant.id, after) : undefined;
  if (after > 0 && !before) {
    throw invalidParameter(`There is no seal ${after}; send in after the number that an export ended with.`);
  }
  const first = Math.max(within?.first ?? 1, after + 1);
  return lines(context, tenant, before, first, within?.last ?? 0);
}

async function* lines(
  context: Context,
  tenant: Tenant,
  before: SealName | undefined,
  first: number,
  last: number,
): AsyncGenerator<string> {
  const types = Object.fromEntries(await typeNames(context.db, tenant));
  const { id, slug } = tenant;
  const exportedAt = context.clock().toISOString();
  yield JSON.stringify({ audit: AUDIT_FORMAT, tenant: { id, slug }, types, exportedAt });
  // Where nothing follows, the end is where the export before it ended.
  let head = before;
  const counts = { seals: 0, events: 0 };
  for (let number = first - 1; number < last; ) {
    const page = await sealsAfter(context.db, tenant.id, number, SEALS_AT_ONCE);
    const wanted = page.filter((seal) => seal.number <= last);
    for (const seal of wanted) {
      yield sealLine({ ...seal, count: seal.events.length });
      for (const event of await eventsOf(context, seal)) {
        yield eventLine(event);
        counts.events += 1;
      }
      counts.seals += 1;
      head = seal;
    }
    const end = wanted.at(-1);
    if (!end) break;
    number = end.number;
  }
  yield JSON.stringify({ end: head?.number ?? null, hash: head?.hash ?? null, ...counts });
}

function eventsOf(context: Context, { tenantId, events }: Seal) {
  return eventsWithIds(context.db, tenantId, events);
}

function numberAsked(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidParameter(`"${abridged(text)}" is no number of a seal; send in after one that an export ended with.`);
}
