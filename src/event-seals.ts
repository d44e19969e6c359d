import type { Logger } from 'pino';
import type { Chore } from './chores.ts';
import type { Context } from './directory/context.ts';
import { sealRound } from './events/sealing.ts';

/** Time between two rounds of sealing: how long an event can be without a seal while a server runs. */
export const SEAL_SECONDS = 10;
/** A tenant that had a seal less than this ago is left to the server that made it. */
export const SEALED_BY_ANOTHER_MS = 5_000;
/** Rounds from one sweep to the next, an hour; the first one sweeps. */
export const ROUNDS_PER_SWEEP = 360;
/** How long a round goes on, lest a stopping server waits for what the next round can do as well. */
export const ROUND_MS = 5_000;

/** Seals the events of all tenants, and logs each hash, so that it leaves the database. */
export function eventSeals({ db, clock }: Context, logger: Logger, roundMs: number = ROUND_MS): Chore {
  let untilSweep = 0;
  return {
    name: 'event seals',
    everySeconds: SEAL_SECONDS,
    // A start has enough to do, and nothing is lost meanwhile.
    waitsFirst: true,
    async run() {
      const sweep = untilSweep <= 0;
      untilSweep -= 1;
      const begun = performance.now();
      for await (const { tenant, seal } of sealRound(db, clock, { sweep, idleMs: SEALED_BY_ANOTHER_MS })) {
        const { number, hash, events } = seal;
        logger.info({ tenant: tenant.slug, seal: number, hash, events: events.length }, 'events sealed');
        // A sweep that does not come to its end is begun again by the next round: it looks back no further than its time.
        if (performance.now() - begun > roundMs) return;
      }
      if (sweep) untilSweep = ROUNDS_PER_SWEEP - 1;
    },
  };
}
