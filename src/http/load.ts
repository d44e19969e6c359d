import type { FastifyInstance } from 'fastify';
import { LoadShed } from '../protocol/errors.ts';
import { RETRY_AFTER_SECONDS } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is answered however busy the process is: what watches it must not take it for dead. */
    evenUnderLoad?: boolean;
  }
}

/** Most requests that a process works on at a time. */
export const MAX_REQUESTS_IN_FLIGHT = 1000;
/** Longest time that what is ready to run may wait for the processor, again and again. */
export const MAX_LOOP_DELAY_MS = 1000;
/** The same where the database runs inside the process: each of its longer queries keeps everything else waiting. */
export const MAX_EMBEDDED_LOOP_DELAY_MS = 5000;
/** How often the delay is taken. */
export const LOOP_SAMPLE_MS = 500;
/** How many samples in a row must be over the limit: one may be a single large request, which is then over. */
export const LATE_SAMPLES = 3;

/** How much a process takes on. */
export interface LoadLimits {
  readonly requestsInFlight: number;
  readonly loopDelayMs: number;
}

/** Tells whether the event loop is behind with its work, sample after sample. */
export interface LoopWatch {
  /** Takes a sample that came so many milliseconds after it was due. */
  sample(late: number): void;
  isBehind(): boolean;
}

/** A watch over delays: behind is who was late in each of the last samples, so that a single long task is none. */
export function watchLoop(limitMs: number): LoopWatch {
  let late = 0;
  return {
    sample: (ms) => {
      late = ms > limitMs ? late + 1 : 0;
    },
    isBehind: () => late >= LATE_SAMPLES,
  };
}

/**
 * Answers 503 at once, with a Retry-After, while a process has more to do than it gets done: queues would else grow until
 * every client has given up on its request before it is answered. Health checks are answered all the same.
 */
export function limitLoad(
  app: FastifyInstance,
  { requestsInFlight, loopDelayMs }: LoadLimits,
  loop: LoopWatch = watchLoop(loopDelayMs),
): void {
  const stop = sampling(loop);
  let inFlight = 0;
  let refused = 0;
  const refusal = (why: string) => {
    if (refused++ === 0) app.log.warn({ inFlight, why }, 'refusing requests: more load than the process can take');
    return new LoadShed(
      `The server ${why}; send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
      RETRY_AFTER_SECONDS,
    );
  };
  app.addHook('onRequest', (request, reply, done) => {
    inFlight++;
    reply.raw.once('close', () => {
      inFlight--;
    });
    if (request.routeOptions.config.evenUnderLoad) return done();
    if (inFlight > requestsInFlight) return done(refusal(`works on ${requestsInFlight} requests already`));
    if (loop.isBehind()) return done(refusal('is behind with its work'));
    if (refused > 0) {
      app.log.warn({ inFlight, refused }, 'taking requests again');
      refused = 0;
    }
    done();
  });
  app.addHook('onClose', async () => stop());
}

function sampling(loop: LoopWatch): () => void {
  let due = performance.now() + LOOP_SAMPLE_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    loop.sample(now - due);
    due = now + LOOP_SAMPLE_MS;
  }, LOOP_SAMPLE_MS).unref();
  return () => clearInterval(timer);
}
