import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { noun } from '../access/authorization.ts';
import { unauthorized } from '../access/challenge.ts';
import type { Principal } from '../access/principal.ts';
import type { Surface } from '../access/schemes.ts';
import type { Pasts } from '../directory/past.ts';
import { type Faults, faultsText } from '../profiles/faults.ts';
import { PlayedFault } from '../protocol/errors.ts';
import { makeRoom } from '../storage/make-room.ts';

/** Names the faults that are played, on every answer of a tenant that has any. */
export const FAULTS_HEADER = 'x-rollcall-faults';
/** Most tenants whose requests a process counts at a time. */
export const COUNTERS_SIZE = 1000;

type Failure = NonNullable<Faults['failures']>[number];

/** What faults are played with. */
export interface FaultPlayer {
  readonly pasts: Pasts;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** Counts a request of the tenant, from 1 since it was last changed. */
  readonly count: (tenant: Principal['tenant']) => number;
}

/** A player that counts the requests to this process. */
export function createFaultPlayer(pasts: Pasts, random: () => number = Math.random): FaultPlayer {
  const counters = new Map<string, { readonly since: number; requests: number }>();
  return {
    pasts,
    random,
    count({ id, updatedAt }) {
      const since = updatedAt.getTime();
      const known = counters.get(id);
      const counter = known?.since === since ? known : { since, requests: 0 };
      if (counter !== known) {
        makeRoom(counters, COUNTERS_SIZE);
        counters.set(id, counter);
      }
      counter.requests += 1;
      return counter.requests;
    },
  };
}

/**
 * Plays the faults of tenants to the clients of what is mounted on the app, which takes credentials as the surface says. It
 * comes after the hooks that find out who makes the request. A tenant without faults pays nothing for it.
 */
export function playFaults(
  app: FastifyInstance,
  player: FaultPlayer,
  surface: Pick<Surface, 'scheme' | 'realm'>,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const faults = request.principal?.tenant.faults;
    if (!request.principal || !faults) done();
    else play(player, request.principal, faults, surface, request, reply).then(() => done(), done);
  });
}

async function play(
  player: FaultPlayer,
  { tenant, credential }: Principal,
  faults: Faults,
  surface: Pick<Surface, 'scheme' | 'realm'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.header(FAULTS_HEADER, faultsText(faults));
  const { latency, failures, expired, stale } = faults;
  if (stale && request.scope) request.scope = { ...request.scope, past: player.pasts.of(tenant.id, stale.ms) };
  if (latency) await wait(delayOf(latency, player.random));
  const requests = failures ? player.count(tenant) : 0;
  const failure = failures?.find(({ every }) => requests % every === 0);
  if (failure) throw failed(failure, request);
  if (expired) {
    throw unauthorized(surface, `The ${noun(credential.scheme)} ${credential.prefix} has expired; use a live one.`, {
      error: 'invalid_token',
    });
  }
}

/** How long a request waits, in milliseconds. */
export function delayOf({ ms, jitter = 0 }: NonNullable<Faults['latency']>, random: () => number): number {
  return Math.round(ms + jitter * random());
}

const SAID = {
  429: 'This request is one too many',
  500: 'The server failed',
  503: 'The server is not available',
  drop: 'The connection is dropped',
};

function failed({ every, answer, retryAfter }: Failure, request: FastifyRequest): PlayedFault {
  // What is answered then reaches nobody, but ends the request here and in the log.
  if (answer === 'drop') request.raw.socket.destroy();
  return new PlayedFault(
    answer === 'drop' ? 503 : answer,
    `${SAID[answer]}, as a fault that is played to every request of number ${every}; nothing was carried out.`,
    retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } },
  );
}
