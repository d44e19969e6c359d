import type { Logger } from 'pino';
import type { Chore } from './chores.ts';
import type { Context } from './directory/context.ts';
import { LookedThrough } from './events/looked-through.ts';
import { type MadeSeal, sealLate, sealRecent } from './events/sealing.ts';

/** Time between two rounds of sealing: how long an event can be without a seal while a server runs. */
export const SEAL_SECONDS = 10;
/** A tenant that had a seal less than this ago is left to the server that made it. */
export const SEALED_BY_ANOTHER_MS = 5_000;
/** Rounds from one sweep to the next, an hour; the first one sweeps. */
export const ROUNDS_PER_SWEEP = 360;
/** How long a round goes on, lest a stopping server waits for what the next round can do as well. */
export const ROUND_MS = 5_000;
/** How long a round sweeps. Where a lot has happened in two hours a sweep takes many rounds, beside which others have to work. */
export const SWEEP_ROUND_MS = 1_000;

/** Seals the events of all tenants, and logs each hash, so that it leaves the database. */
export function eventSeals({ db, clock }: Context, logger: Logger, roundMs: number = ROUND_MS): Chore {
  const looked = new LookedThrough();
  let untilSweep = 0;
  let sweep: AsyncGenerator<MadeSeal | undefined> | undefined;

  /** Takes what there is until the time is over: whether there is no more. */
  async function seal(made: AsyncGenerator<MadeSeal | undefined>, forMs: number): Promise<boolean> {
    const begun = performance.now();
    for (;;) {
      const { done, value } = await made.next();
      if (done) return true;
      if (value) tell(value);
      if (performance.now() - begun > forMs) return false;
    }
  }

  function tell({ tenant, seal: { number, hash, count } }: MadeSeal): void {
    logger.info({ tenant: tenant.slug, seal: number, hash, events: count }, 'events sealed');
  }

  return {
    name: 'event seals',
    everySeconds: SEAL_SECONDS,
    // A start has enough to do, and nothing is lost meanwhile.
    waitsFirst: true,
    async run() {
      await seal(sealRecent(db, clock, { idleMs: SEALED_BY_ANOTHER_MS, looked }), roundMs);
      untilSweep -= 1;
      if (untilSweep < 0) sweep ??= sealLate(db, clock);
      // It goes on where the last round left it: one that begins anew is never done where more happens than a round can look
      // at. One that fails is begun anew.
      const going = sweep;
      sweep = undefined;
      if (!going) return;
      if (await seal(going, Math.min(roundMs, SWEEP_ROUND_MS))) untilSweep = ROUNDS_PER_SWEEP;
      else sweep = going;
    },
  };
}
