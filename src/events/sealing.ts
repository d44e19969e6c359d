import { setImmediate } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import { countEvents, type TenantToSeal, tenantsToSeal, unsealedEvents } from '../storage/event-log.ts';
import { instantOfId, LOWEST_ID, lowestIdAt } from '../storage/ids.ts';
import { insertSeal, lastSeal, type SealName } from '../storage/seals.ts';
import type { LookedThrough } from './looked-through.ts';
import { sealOf } from './seal.ts';

/** Most events in a seal: what is read at a time, and what a broken seal leaves in doubt. */
export const EVENTS_PER_SEAL = 1000;
/** How long before the last sealed event a round looks again: an event is made a while before its change is committed. */
export const LATE_COMMIT_MS = 15_000;
/** How far back a sweep looks, for events that came later still. */
export const SWEEP_MS = 2 * 60 * 60 * 1000;

/** A seal that was made, and how many events are in it. */
export type SealedBatch = SealName & { readonly count: number };

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
): AsyncGenerator<SealedBatch> {
  for await (const seal of looks(db, clock, tenantId, { from })) if (seal) yield seal;
}

/** From where on events are looked at, and up to which at least; and what is to remember what was looked at. */
interface Looking {
  readonly from: string;
  readonly to?: string;
  readonly looked?: LookedThrough | undefined;
}

/** The same look by look; a look that finds nothing to seal gives undefined. */
async function* looks(
  db: Database,
  clock: () => Date,
  tenantId: string,
  { from, to, looked }: Looking,
): AsyncGenerator<SealedBatch | undefined> {
  let after = from;
  while (to === undefined || after < to) {
    // The embedded database works in this thread, and one statement after the other would leave no time for requests.
    await setImmediate();
    const before = await lastSeal(db, tenantId);
    const { batch, length, last } = await unsealedEvents(db, tenantId, after, EVENTS_PER_SEAL);
    const seal = batch && sealOf(tenantId, before, batch, clock());
    if (seal && !(await insertSeal(db, seal))) continue;
    if (last !== undefined) looked?.add(tenantId, { after, last, count: length });
    yield seal && { number: seal.number, hash: seal.hash, count: batch.count };
    if (last === undefined || length < EVENTS_PER_SEAL) return;
    after = last;
  }
}

/** A seal that was made, and whose it is. */
export interface MadeSeal {
  readonly tenant: TenantToSeal;
  readonly seal: SealedBatch;
}

/** What a round leaves out. */
export interface SealingRound {
  /** Tenants that had a seal less than so many milliseconds ago: with several servers each would read all events. */
  readonly idleMs?: number;
  /** What the rounds before have looked through. */
  readonly looked?: LookedThrough;
}

/** Seals what is new in every tenant. */
export async function* sealRecent(
  db: Database,
  clock: () => Date,
  { idleMs, looked }: SealingRound = {},
): AsyncGenerator<MadeSeal> {
  looked?.begin();
  const until = clock();
  const asked = idleMs === undefined ? {} : { sealedWithin: { since: new Date(until.getTime() - idleMs), until } };
  for (const tenant of await tenantsToSeal(db, asked)) {
    const from = await firstToLookAt(db, tenant, looked);
    for await (const seal of looks(db, clock, tenant.id, { from, looked })) if (seal) yield { tenant, seal };
  }
}

/** What was looked through is counted, for a tenth of what it costs to be looked through again. */
async function firstToLookAt(db: Database, tenant: TenantToSeal, looked: LookedThrough | undefined): Promise<string> {
  const from = recent(tenant);
  const known = looked?.knownAfter(tenant.id, from);
  if (!known) return from;
  if ((await countEvents(db, tenant.id, known.after, known.last)) === known.count) return known.last;
  looked?.forget(tenant.id);
  return from;
}

/**
 * Seals what came so late that nobody looks there any more. It gives whatever each look has found, so that whoever has no time
 * left can go on with it later: it may have to look through all events of hours.
 */
export async function* sealLate(db: Database, clock: () => Date): AsyncGenerator<MadeSeal | undefined> {
  const now = clock();
  const [from, to] = [lowestIdAt(new Date(now.getTime() - SWEEP_MS)), lowestIdAt(now)];
  for (const tenant of await tenantsToSeal(db, { above: from })) {
    for await (const seal of looks(db, clock, tenant.id, { from, to })) yield seal && { tenant, seal };
  }
}

function recent({ sealedTo }: TenantToSeal): string {
  return sealedTo === null ? LOWEST_ID : lowestIdAt(new Date(instantOfId(sealedTo).getTime() - LATE_COMMIT_MS));
}
