import { setImmediate } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import { type TenantToSeal, tenantsToSeal, unsealedEvents } from '../storage/event-log.ts';
import { instantOfId, LOWEST_ID, lowestIdAt } from '../storage/ids.ts';
import { insertSeal, lastSeal, type Seal } from '../storage/seals.ts';
import { sealOf } from './seal.ts';

/** Most events in a seal: what is read at a time, and what a broken seal leaves in doubt. */
export const EVENTS_PER_SEAL = 1000;
/** How long before the last sealed event a round looks again: an event is made a while before its change is committed. */
export const LATE_COMMIT_MS = 15_000;
/** How far back a sweep looks, for events that came later still. */
export const SWEEP_MS = 2 * 60 * 60 * 1000;

/**
 * Seals the tenant's events that are in no seal, from that id on; gives each seal. Events may become visible in any order:
 * those that come late go into the next seal. Several may do it at once without a lock, since a number is given once: the
 * last seal is read before the events, so whoever stores the next one has seen what all before it hold.
 */
export async function* sealEvents(
  db: Database,
  clock: () => Date,
  tenantId: string,
  from: string = LOWEST_ID,
): AsyncGenerator<Seal> {
  let after = from;
  for (;;) {
    // The embedded database works in this thread, and one statement after the other would leave no time for requests.
    await setImmediate();
    const last = await lastSeal(db, tenantId);
    const { events, last: end } = await unsealedEvents(db, tenantId, after, EVENTS_PER_SEAL);
    if (events.length > 0) {
      const seal = sealOf(tenantId, last, events, clock());
      if (!(await insertSeal(db, seal))) continue;
      yield seal;
    }
    if (end === undefined) return;
    after = end;
  }
}

/** A seal that was made, and whose it is. */
export interface MadeSeal {
  readonly tenant: TenantToSeal;
  readonly seal: Seal;
}

/** What a round of sealing does. */
export interface SealingRound {
  /** Whether it also finds what came so late that rounds look past it. */
  readonly sweep: boolean;
  /** Leaves out tenants that had a seal less than so many milliseconds ago: with several servers each would read all events. */
  readonly idleMs?: number;
}

/** Seals what is new in every tenant. */
export async function* sealRound(
  db: Database,
  clock: () => Date,
  { sweep, idleMs }: SealingRound,
): AsyncGenerator<MadeSeal> {
  const until = clock();
  const before = (ms: number) => new Date(until.getTime() - ms);
  const asked = idleMs === undefined ? {} : { sealedWithin: { since: before(idleMs), until } };
  for (const tenant of await tenantsToSeal(db, asked)) yield* sealTenant(tenant, recent(tenant));
  if (!sweep) return;
  const above = lowestIdAt(before(SWEEP_MS));
  for (const tenant of await tenantsToSeal(db, { above })) yield* sealTenant(tenant, above);

  async function* sealTenant(tenant: TenantToSeal, from: string): AsyncGenerator<MadeSeal> {
    for await (const seal of sealEvents(db, clock, tenant.id, from)) yield { tenant, seal };
  }
}

function recent({ sealedTo }: TenantToSeal): string {
  return sealedTo === null ? LOWEST_ID : lowestIdAt(new Date(instantOfId(sealedTo).getTime() - LATE_COMMIT_MS));
}
