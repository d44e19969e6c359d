import { rateLimitOf } from '../access/rate-limit.ts';
import { profileOf } from '../access/tenant-profile.ts';
import { MAX_REQUESTS_PER_SECOND } from '../profiles/profile.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import * as stored from '../storage/tenants.ts';
import { administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';

type Tenant = stored.Tenant;

/** Agrees with the tenant on so many requests a second; null takes that back, and its profile's limit counts again. */
export async function changeRateLimit(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  asked: unknown,
): Promise<Tenant> {
  const rateLimit = asked === null ? null : limitAsked(asked);
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const before = locked.rateLimit ?? null;
    const result = { ...locked, rateLimit: rateLimit ?? undefined };
    if (rateLimit === before) return { result };
    await stored.setRateLimit(tx, locked.id, rateLimit, at);
    const detail = { before, after: rateLimit };
    return { result, done: { kind: 'rate-limit-changed', attributes: ['rateLimit'], detail } };
  });
}

/** The limit that counts for a tenant, as commands and the admin API show it; null where there is none. */
export function shownRateLimit(tenant: Tenant): JsonObject | null {
  const limit = rateLimitOf(tenant, profileOf(tenant));
  if (!limit) return null;
  const { perSecond, per } = limit;
  return { perSecond, per, from: tenant.rateLimit === undefined ? 'profile' : 'tenant' };
}

function limitAsked(asked: unknown): number {
  if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 && asked <= MAX_REQUESTS_PER_SECOND)
    return asked;
  throw invalidValue(
    `${abridged(jsonTextOf(asked as JsonValue))} is no limit; send a whole number of requests a second from 1 to ${MAX_REQUESTS_PER_SECOND}, or null (in commands: none) to leave it to the profile.`,
  );
}
