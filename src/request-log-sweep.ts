import type { FastifyInstance } from 'fastify';
import type { Chore } from './chores.ts';
import { SWEEP_SECONDS } from './directory/request-log-sweep.ts';

/** Deletes logged requests that are too old or too many; with several servers, one of them at a time does. */
export function requestLogSweep({ requestSweeper }: FastifyInstance): Chore {
  let turns = 0;
  return {
    name: 'request log sweep',
    everySeconds: SWEEP_SECONDS,
    async run() {
      // A server that has just started has its first requests to answer.
      if (turns++ > 0) await requestSweeper?.sweep();
    },
  };
}
