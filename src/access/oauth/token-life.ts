import type { Tenant } from '../../storage/tenants.ts';

/** Shortest life of an access token, which is what it is where nothing else is asked for. */
export const MIN_TOKEN_LIFE_SECONDS = 60 * 60;
/** Longest life of an access token. */
export const MAX_TOKEN_LIFE_SECONDS = 6 * 60 * 60;

/** Seconds that the tenant's access tokens live. */
export function tokenLifeOf({ tokenLife }: Pick<Tenant, 'tokenLife'>): number {
  return tokenLife ?? MIN_TOKEN_LIFE_SECONDS;
}
