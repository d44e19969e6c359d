import type { Database } from '../storage/database.ts';
import { sealRound } from './sealing.ts';

/** Time between two rounds of sealing: how long an event can be without a seal while a server runs. */
export const SEAL_INTERVAL_MS = 10_000;
/** Rounds from one sweep to the next, about an hour; the first one sweeps. */
export const ROUNDS_PER_SWEEP = 360;

/** Where a sealer tells of its seals, so that their hashes leave the database. */
export interface SealerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Seals events while a server runs. */
export interface Sealer {
  /** Resolves when nothing is being sealed any more. */
  stop(): Promise<void>;
}

/** Starts to seal the events of all tenants, a round at a time. */
export function startSealer(db: Database, clock: () => Date, log: SealerLog, intervalMs = SEAL_INTERVAL_MS): Sealer {
  let rounds = 0;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, intervalMs);
  timer.unref();

  function begin(): void {
    running = round().finally(() => {
      if (stopped) return;
      timer = setTimeout(begin, intervalMs);
      timer.unref();
    });
  }

  async function round(): Promise<void> {
    const sweep = rounds++ % ROUNDS_PER_SWEEP === 0;
    try {
      for await (const { tenant, seal } of sealRound(db, clock, { sweep })) {
        const { number, hash, events } = seal;
        log.info({ tenant: tenant.slug, seal: number, hash, events: events.length }, 'events sealed');
        if (stopped) return;
      }
    } catch (err) {
      // The next round does what this one could not; until then nothing is lost.
      if (!stopped) log.warn({ err }, 'events could not be sealed');
    }
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
