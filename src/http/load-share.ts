import type { FastifyInstance, FastifyRequest } from 'fastify';
import { counted } from '../counted.ts';
import { LoadShed } from '../protocol/errors.ts';
import { RETRY_AFTER_SECONDS } from './errors.ts';
import type { LoadLimits } from './load.ts';

/** Those who have not said who they are, such as who asks for a token: together they have a share like a tenant's. */
const NOBODY = '';

/** Whose share the request is counted in: the id of its tenant, once it is known. */
export function sharerOf({ principal }: FastifyRequest): string {
  return principal?.tenant.id ?? NOBODY;
}

interface Share {
  /** The slug of the tenant. */
  readonly tenant: string | undefined;
  inWork: number;
  refused: number;
}

/**
 * Answers 503 to a tenant that has as many requests in work as there is room for more, be it that their bodies come slowly or
 * that they wait for their turns. So one that is alone has half of all that a process works on, and the next half of the rest.
 */
export function shareLoad(app: FastifyInstance, { requestsInFlight }: LoadLimits): void {
  const shares = new Map<string, Share>();
  let inAll = 0;

  function refusal(share: Share): LoadShed {
    const { tenant, inWork } = share;
    // Who has nothing in work finds a full process, of which the log has enough.
    if (inWork > 0 && share.refused++ === 0) {
      app.log.warn({ tenant, inWork, inAll }, 'refusing requests of a tenant: it has its share of the process');
    }
    const whose = tenant === undefined ? 'without a token' : 'of this tenant';
    return new LoadShed(
      `The server works on ${counted(inWork, 'request')} ${whose} already, and keeps room for others; ` +
        `send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
      RETRY_AFTER_SECONDS,
    );
  }

  function leave(sharer: string, share: Share): void {
    share.inWork--;
    inAll--;
    if (share.inWork > 0) return;
    shares.delete(sharer);
    const { tenant, refused } = share;
    if (refused > 0) app.log.warn({ tenant, refused }, 'taking all requests of the tenant again');
  }

  // The first hook that comes when it is known who makes the request; of its body nothing is read yet.
  app.addHook('preParsing', (request, reply, _payload, done) => {
    // Of a client that has gone already nobody would tell that its request is over.
    if (request.routeOptions.config.evenUnderLoad || reply.raw.destroyed) return done();
    const sharer = sharerOf(request);
    const share = shares.get(sharer) ?? { tenant: request.principal?.tenant.slug, inWork: 0, refused: 0 };
    if (share.inWork >= requestsInFlight - inAll) return done(refusal(share));
    shares.set(sharer, share);
    share.inWork++;
    inAll++;
    reply.raw.once('close', () => leave(sharer, share));
    done();
  });
}
