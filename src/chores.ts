import type { Logger } from 'pino';
import { loggable } from './http/loggable.ts';

/** Work that a server does beside requests, again and again. It must do no harm when several processes do it at once. */
export interface Chore {
  /** For the log. */
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everySeconds: number;
  /** Whether the first run waits for as long, instead of coming with the start. */
  readonly waitsFirst?: boolean;
  run(): Promise<void>;
}

/** Chores that go on until they are stopped. */
export interface RunningChores {
  /** Resolves when none is under way any more; after that none begins. */
  stop(): Promise<void>;
}

/** Does each chore at once, or after its time, and then again and again. One that fails is logged and tried again at its next turn. */
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

  // None begins in this turn: a server that starts has to hear signals first.
  for (const chore of chores) later(chore, chore.waitsFirst ? chore.everySeconds : 0);
  return {
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
