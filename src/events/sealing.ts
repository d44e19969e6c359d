import { setImmediate } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import { countEvents, unsealedEvents } from '../storage/event-log.ts';
import { instantOfId, LOWEST_ID, lowestIdAt } from '../storage/ids.ts';
import { insertSeal, lastSeal, type SealName, type SealState, sealState } from '../storage/seals.ts';
import { tenantIds } from '../storage/tenants.ts';
import type { LookedThrough } from './looked-through.ts';
import { sealOf } from './seal.ts';
import { LATE_COMMIT_MS, type UnsealedTenants } from './unsealed-tenants.ts';

/** Most events in a seal: what is read at a time, and what a broken seal leaves in doubt. */
export const EVENTS_PER_SEAL = 1000;
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
  readonly tenant: { readonly id: string; readonly slug: string };
  readonly seal: SealedBatch;
}

/** What a round leaves out. */
export interface SealingRound {
  /** Tenants that had a seal less than so many milliseconds ago: with several servers each would read all events. */
  readonly idleMs?: number;
  /** What the rounds before have looked through. */
  readonly looked?: LookedThrough;
}

/**
 * Goes through all tenants and notes those with events that are not sealed and that nobody has noted: those of commands, and of
 * servers that are gone. Yields at each tenant, so that whoever has no time left can go on with it later.
 */
export async function* findUnsealed(
  db: Database,
  clock: () => Date,
  unsealed: UnsealedTenants,
): AsyncGenerator<undefined> {
  for await (const id of tenantIds(db)) {
    if (unsealed.has(id)) continue;
    await setImmediate();
    const state = await sealState(db, id);
    if (state && isAbove(state.lastEvent, state.sealedTo ?? LOWEST_ID)) unsealed.note(id, clock());
    yield;
  }
}

/** Seals what is new in the tenants that are noted; yields at each look, with what it has found. */
export async function* sealNoted(
  db: Database,
  clock: () => Date,
  unsealed: UnsealedTenants,
  { idleMs = 0, looked }: SealingRound = {},
): AsyncGenerator<MadeSeal | undefined> {
  looked?.begin();
  for (const id of unsealed.turns()) {
    await setImmediate();
    const now = clock();
    const state = await sealState(db, id);
    if (!state) unsealed.drop(id);
    else if (!isWithin(state.sealedAt, now, idleMs)) {
      const from = await firstToLookAt(db, id, recent(state), looked);
      if (isAbove(state.lastEvent, from))
        yield* sealsOf({ id, slug: state.slug }, looks(db, clock, id, { from, looked }));
      unsealed.sealed(id, now);
    }
    yield;
  }
}

/** What was looked through is counted, for a tenth of what it costs to be looked through again. */
async function firstToLookAt(
  db: Database,
  tenantId: string,
  from: string,
  looked: LookedThrough | undefined,
): Promise<string> {
  const known = looked?.knownAfter(tenantId, from);
  if (!known) return from;
  if ((await countEvents(db, tenantId, known.after, known.last)) === known.count) return known.last;
  looked?.forget(tenantId);
  return from;
}

/**
 * Seals in all tenants what came so late that nobody looks there any more. It yields at each tenant and at each look, so that
 * whoever has no time left can go on with it later: it may have to look through all events of hours.
 */
export async function* sealLate(db: Database, clock: () => Date): AsyncGenerator<MadeSeal | undefined> {
  const now = clock();
  const [late, to] = [lowestIdAt(new Date(now.getTime() - SWEEP_MS)), lowestIdAt(now)];
  for await (const id of tenantIds(db)) {
    await setImmediate();
    const state = await sealState(db, id);
    const sealedTo = state?.sealedTo ?? LOWEST_ID;
    if (state && isAbove(state.lastEvent, lower(late, sealedTo))) {
      // What no round has come to yet is sealed with it: behind a seal nobody would look for it.
      const from = lower(late, recent(state));
      yield* sealsOf({ id, slug: state.slug }, looks(db, clock, id, { from, to }));
    }
    yield;
  }
}

async function* sealsOf(
  tenant: MadeSeal['tenant'],
  made: AsyncGenerator<SealedBatch | undefined>,
): AsyncGenerator<MadeSeal | undefined> {
  for await (const seal of made) yield seal && { tenant, seal };
}

function recent({ sealedTo }: SealState): string {
  return sealedTo === null ? LOWEST_ID : lowestIdAt(new Date(instantOfId(sealedTo).getTime() - LATE_COMMIT_MS));
}

function lower(one: string, other: string): string {
  return one < other ? one : other;
}

function isAbove(id: string | null, bound: string): boolean {
  return id !== null && id > bound;
}

function isWithin(at: Date | null, now: Date, milliseconds: number): boolean {
  const age = at === null ? Number.NaN : now.getTime() - at.getTime();
  return age >= 0 && age < milliseconds;
}
