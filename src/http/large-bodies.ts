import { type Readable, Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LoadShed } from '../protocol/errors.ts';
import { MAX_BODY_BYTES } from '../protocol/limits.ts';
import { createTurns, type TurnLimits } from '../storage/turns.ts';
import { RETRY_AFTER_SECONDS } from './errors.ts';
import { sharerOf } from './load-share.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route's body is read as it comes, and never is in memory as a whole. */
    readsInParts?: boolean;
  }
}

/** Up to which size bodies are read without waiting: what creates or changes a user has a few kilobytes. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** Most bytes of larger bodies that a process works on at a time; what is made of a body takes several times as much memory. */
export const MAX_BODY_BYTES_AT_ONCE = 4 * MAX_BODY_BYTES;
/** The part of them that one tenant may have. */
export const MAX_BODY_BYTES_OF_TENANT = MAX_BODY_BYTES_AT_ONCE / 2;
/** How long a large body waits, in milliseconds, until others are answered. */
export const LARGE_BODY_PATIENCE_MS = 30_000;

const LIMITS: TurnLimits = {
  atOnce: MAX_BODY_BYTES_AT_ONCE,
  perTenant: MAX_BODY_BYTES_OF_TENANT,
  waitMs: LARGE_BODY_PATIENCE_MS,
};

/**
 * Has requests with large bodies take turns from before their bodies are read until they are answered, so that the memory of a
 * process suffices however many come at a time. Small ones are not kept waiting.
 */
export function takeLargeBodiesInTurns(app: FastifyInstance, limits: TurnLimits = LIMITS): void {
  const turns = createTurns(limits);
  /** Resolves when it is the request's turn, which lasts until it is answered or its client has gone. */
  const turnOf = (request: FastifyRequest, answered: Promise<void>, bytes: number) =>
    new Promise<void>((resolve, reject) => {
      const work = () => {
        resolve();
        return answered;
      };
      turns.take(sharerOf(request), work, bytes).catch(() => reject(refusal()));
    });
  app.addHook('preParsing', (request, reply, payload, done) => {
    const length = request.headers['content-length'];
    // A body that says how long it is and is too large is refused before it is read.
    if (
      length !== undefined ? Number(length) <= SMALL_BODY_BYTES || Number(length) > MAX_BODY_BYTES : !isChunked(request)
    ) {
      return done(null, payload);
    }
    if (request.routeOptions.config.readsInParts) return done(null, payload);
    const answered = new Promise<void>((resolve) => {
      // Its client may have gone while it was found out who that is.
      if (reply.raw.destroyed) resolve();
      else reply.raw.once('close', resolve);
    });
    const turn = (bytes: number) => turnOf(request, answered, bytes);
    if (length === undefined)
      return done(
        null,
        waitingWithin(payload as Readable, () => turn(MAX_BODY_BYTES)),
      );
    turn(Number(length)).then(() => done(null, payload), done);
  });
}

function isChunked(request: FastifyRequest): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}

function refusal(): LoadShed {
  return new LoadShed(
    `The server has as many large bodies to read as it can; send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
    RETRY_AFTER_SECONDS,
  );
}

/** The same body, of which no more is read than is small until the turn has come: how long it is nobody knows before. */
function waitingWithin(body: Readable, turn: () => Promise<void>): Readable {
  let bytes = 0;
  let come: Promise<void> | undefined;
  const read = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= SMALL_BODY_BYTES) return done(null, chunk);
      come ??= turn();
      come.then(() => done(null, chunk), done);
    },
  });
  // A pipe does not hand on how its source has failed, and a pipeline would close the connection before there is an answer.
  body.once('error', (error) => read.destroy(error));
  // Not every body is read, and of what fails unheard the process would end.
  read.on('error', () => {});
  return body.pipe(read);
}
