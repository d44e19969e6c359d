import type { Logger } from 'pino';
import type { Chore } from './chores.ts';
import type { Context } from './directory/context.ts';
import { inParts } from './events/in-parts.ts';
import { LookedThrough } from './events/looked-through.ts';
import { findUnsealed, type MadeSeal, sealLate, sealNoted } from './events/sealing.ts';

/** Time between two rounds of sealing: how long an event of a server can be without a seal while that server runs. */
export const SEAL_SECONDS = 10;
/** A tenant that had a seal less than this ago is left to the server that made it. */
export const SEALED_BY_ANOTHER_MS = 5_000;
/** Rounds from one sweep to the next, an hour; the first one sweeps. */
export const ROUNDS_PER_SWEEP = 360;
/** How long a round goes on, lest a stopping server waits for what the next round can do as well. */
export const ROUND_MS = 5_000;
/** Of how many tenants a round asks whether they have events of others: it goes through all of them, again and again. */
export const TENANTS_PER_SEARCH = 1000;
/** How long it asks at most, where the database is far away. */
export const SEARCH_ROUND_MS = 1_000;
/** How long a round sweeps. Where a lot has happened in two hours a sweep takes many rounds, beside which others have to work. */
export const SWEEP_ROUND_MS = 1_000;

/** Seals the events of all tenants, and logs each hash, so that it leaves the database. */
export function eventSeals({ db, clock, unsealed }: Context, logger: Logger, roundMs: number = ROUND_MS): Chore {
  const looked = new LookedThrough();
  const search = inParts(() => findUnsealed(db, clock, unsealed), ignore);
  const sweep = inParts(() => sealLate(db, clock), tell);
  let untilSweep = 0;

  function tell(made: MadeSeal | undefined): void {
    if (!made) return;
    const { number, hash, count } = made.seal;
    logger.info({ tenant: made.tenant.slug, seal: number, hash, events: count }, 'events sealed');
  }

  return {
    name: 'event seals',
    everySeconds: SEAL_SECONDS,
    // A start has enough to do, and nothing is lost meanwhile.
    waitsFirst: true,
    async run() {
      await search({ milliseconds: Math.min(roundMs, SEARCH_ROUND_MS), count: TENANTS_PER_SEARCH });
      const left = { idleMs: SEALED_BY_ANOTHER_MS, looked };
      await inParts(() => sealNoted(db, clock, unsealed, left), tell)({ milliseconds: roundMs });
      untilSweep -= 1;
      // A sweep that is begun anew each round is never done where more happens than a round can look at.
      if (untilSweep < 0 && (await sweep({ milliseconds: Math.min(roundMs, SWEEP_ROUND_MS) }))) {
        untilSweep = ROUNDS_PER_SWEEP;
      }
    },
  };
}

function ignore(): void {}
