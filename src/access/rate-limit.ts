import type { Profile } from '../profiles/profile.ts';
import type { Tenant } from '../storage/tenants.ts';

/** How many requests a second are let in. */
export interface RateLimit {
  readonly perSecond: number;
  /** Whose requests are counted together. */
  readonly per: Profile['rateLimit']['per'];
}

/** The limit of a tenant: what is agreed on with it, else its profile's for its plan; undefined where there is none. */
export function rateLimitOf(
  { rateLimit: agreed, plan }: Pick<Tenant, 'rateLimit' | 'plan'>,
  { rateLimit: { perSecond, per } }: Profile,
): RateLimit | undefined {
  const limit = agreed ?? perSecond[plan];
  return limit === null ? undefined : { perSecond: limit, per };
}
