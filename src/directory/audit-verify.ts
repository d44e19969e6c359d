import { setImmediate } from 'node:timers/promises';
import { Chain, type Verification } from '../events/chain.ts';
import { hashOf } from '../events/seal.ts';
import { sealEvents } from '../events/sealing.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { eventsWithIds, type StoredEvent } from '../storage/event-log.ts';
import { type Seal, sealsAfter } from '../storage/seals.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';

/** Seals that are read at a time. */
export const SEALS_AT_ONCE = 20;
/** How much older than the newest sealed event a later sealed one may be without a word of it. */
export const BACKDATED_MS = 60 * 60 * 1000;
const HASH = /^[0-9a-f]{64}$/i;

/** A verification of what is stored, and how many events it had to seal before. */
export interface StoredVerification extends Verification {
  readonly sealedNow: number;
}

/**
 * Seals what is not sealed yet, all of it, and reads the whole chain of the tenant: whether each seal continues the one
 * before it and its events are what they were. `expected` is the hash of a seal that was noted before.
 */
export async function verifyEvents(context: Context, tenant: Tenant, expected?: string): Promise<StoredVerification> {
  const chain = new Chain({ expected: expected === undefined ? undefined : hashAsked(expected), whole: true });
  let sealedNow = 0;
  for await (const { count } of sealEvents(context.db, context.clock, tenant.id)) sealedNow += count;
  let newest = Number.NEGATIVE_INFINITY;
  for (let last = 0; ; ) {
    const page = await sealsAfter(context.db, tenant.id, last, SEALS_AT_ONCE);
    for (const seal of page) {
      // As in `sealEvents`: others have their turn between two seals.
      await setImmediate();
      chain.seal(seal);
      const events = await eventsWithIds(context.db, tenant.id, seal.events);
      checkSeal(chain, seal, events);
      tellBackdated(chain, seal, events, newest);
      newest = Math.max(newest, ...events.map(({ at }) => at.getTime()));
      last = seal.number;
    }
    if (page.length < SEALS_AT_ONCE) return { ...chain.finish(), sealedNow };
  }
}

/** The text, when it can be the hash of a seal. */
export function hashAsked(text: string): string {
  if (HASH.test(text)) return text;
  throw invalidValue(`"${abridged(text)}" is no hash of a seal; send the 64 hexadecimal digits that verify printed.`);
}

function checkSeal(chain: Chain, seal: Seal, events: readonly StoredEvent[]): void {
  const { number, hash } = seal;
  chain.count(events.length);
  if (events.length < seal.events.length) {
    const there = new Set(events.map(({ id }) => id));
    const gone = seal.events.filter((id) => !there.has(id));
    chain.problem(`Seal ${number}: ${gone.length} of its ${seal.events.length} events are gone, such as ${gone[0]}.`);
    return;
  }
  if (hashOf({ ...seal, count: seal.events.length }, events) !== hash) {
    chain.problem(
      `Seal ${number}: an event of it was changed, added or moved, or the seal itself; it has ${events.length} events from ${seal.firstAt.toISOString()} to ${seal.lastAt.toISOString()}.`,
    );
    return;
  }
  const times = events.map(({ at }) => at.getTime());
  const bounds = [events.at(0)?.id, events.at(-1)?.id, Math.min(...times), Math.max(...times)];
  const said = [seal.firstId, seal.lastId, seal.firstAt.getTime(), seal.lastAt.getTime()];
  if (bounds.some((bound, index) => bound !== said[index])) {
    chain.problem(`Seal ${number}: it says that its events are others than they are, so that lists don't find them.`);
  }
}

/** An event that is put in between, and dated back, has to take a later seal than its neighbours. */
function tellBackdated(chain: Chain, { number }: Seal, events: readonly StoredEvent[], newest: number): void {
  for (const { id, at } of events) {
    if (at.getTime() < newest - BACKDATED_MS) {
      chain.doubt(
        `Event ${id} says ${at.toISOString()}, and came into seal ${number} only after later ones were sealed.`,
      );
    }
  }
}
