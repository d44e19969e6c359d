import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.ts';
import { type RateLimit, rateLimitOf } from '../access/rate-limit.ts';
import type { RateLimiter, Verdict } from '../access/rate-limiter.ts';
import { counted } from '../counted.ts';
import { tooManyRequests } from '../protocol/errors.ts';

/**
 * Holds what is mounted on the app to the rate limits of tenants: 429 for what is too much. It comes after the hook that
 * finds out who makes the request. A tenant without a limit pays nothing for it.
 */
export function limitRate(app: FastifyInstance, limiter: RateLimiter): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { principal } = request;
    const limit = principal && rateLimitOf(principal.tenant, principal.dialect.profile);
    if (!principal || !limit) done();
    else count(limiter, principal, limit, request, reply).then(() => done(), done);
  });
}

async function count(
  limiter: RateLimiter,
  { tenant, credential, dialect }: Principal,
  limit: RateLimit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { headers, retryAfter } = dialect.profile.rateLimit;
  const subject = limit.per === 'tenant' ? tenant.id : credential.id;
  const verdict = await limiter.take({ tenantId: tenant.id, subject }, limit.perSecond);
  if (headers) reply.headers(headersOf(limit, verdict));
  if (verdict.allowed) return;
  request.log.debug({ tenant: tenant.slug, perSecond: limit.perSecond }, 'over the rate limit');
  throw tooManyRequests(
    `More than ${counted(limit.perSecond, 'request')} in this second, which is the limit of ${
      limit.per === 'tenant' ? `the tenant ${tenant.slug}` : `each credential, here ${credential.prefix}`
    }; send fewer, and this one again in the next second.`,
    retryAfter ? { 'retry-after': String(secondsLeft(verdict)) } : {},
  );
}

/** What draft-ietf-httpapi-ratelimit-headers had up to its version 6, which is what clients read. */
function headersOf({ perSecond }: RateLimit, verdict: Verdict): Record<string, string> {
  return {
    'ratelimit-limit': String(perSecond),
    'ratelimit-remaining': String(verdict.remaining),
    'ratelimit-reset': String(secondsLeft(verdict)),
  };
}

/** In whole seconds, as clients read it; 1 at least, lest they come again before the next second. */
function secondsLeft({ msLeft }: Verdict): number {
  return Math.max(1, Math.ceil(msLeft / 1000));
}
