import type { Logger } from 'pino';
import { loggable } from './http/loggable.ts';

/** How long after the start the first chores begin: on the embedded database requests wait for them. */
export const FIRST_CHORES_AFTER_SECONDS = 1;

/** Work that a server does beside requests, again and again. It must do no harm when several processes do it at once. */
export interface Chore {
  /** For the log. */
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everySeconds: number;
  /** Whether the first run waits for as long, instead of coming soon after the start. */
  readonly waitsFirst?: boolean;
  run(): Promise<void>;
}

/** Chores that go on until they are stopped. */
export interface RunningChores {
  /** Resolves when none is under way any more; after that none begins. */
  stop(): Promise<void>;
}

/** Does each chore soon, or after its time, and then again and again. One that fails is logged and tried again at its next turn. */
export function startChores(chores: readonly Chore[], logger: Logger): RunningChores {
  let stopped = false;
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();

  function begin(chore: Chore): void {
    const run = once(chore).finally(() => {
      underWay.delete(run);
      if (!stopped) later(chore, chore.everySeconds);
    });
    underWay.add(run);
  }

  async function once({ name, run }: Chore): Promise<void> {
    try {
      await run();
    } catch (error) {
      logger.error({ chore: name, error: loggable(error) }, 'a chore failed');
    }
  }

  function later(chore: Chore, seconds: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      begin(chore);
    }, seconds * 1000);
    // The server's sockets keep the process alive, not what it does beside.
    timer.unref();
    timers.add(timer);
  }

  // A server that starts has to hear signals and answer first.
  for (const chore of chores) {
    const { everySeconds, waitsFirst = false } = chore;
    later(chore, waitsFirst ? everySeconds : Math.min(everySeconds, FIRST_CHORES_AFTER_SECONDS));
  }
  return {
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
