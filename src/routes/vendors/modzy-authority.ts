import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.ts';
import type { MODZY_ROLES } from '../../profiles/modzy.ts';
import { ScimError } from '../../protocol/errors.ts';
import type { Credential } from '../../storage/credentials.ts';

type Role = keyof typeof MODZY_ROLES;

const PLATFORM: Role = 'PLATFORM_ADMIN';
const ADMINISTRATORS: readonly Role[] = [PLATFORM, 'ACCOUNT_ADMIN'];

/** Who makes a request that the door let in. */
export function principalOf({ principal, method, routeOptions }: FastifyRequest): Principal {
  if (!principal) throw new Error(`${method} ${routeOptions.url} is served without a principal.`);
  return principal;
}

/** "Only Platform Administrators and Account Administrators can create and manage users": others are refused with 403. */
export function requireAdministrator({ credential }: Principal): void {
  if (ADMINISTRATORS.some((role) => credential.roles.includes(role))) return;
  const held = credential.roles.length > 0 ? `the roles ${credential.roles.join(', ')}` : 'no roles';
  throw new ScimError(
    403,
    `The key ${credential.prefix} has ${held}; users, teams and keys are managed with ${ADMINISTRATORS.join(' or ')}.`,
  );
}

/** Refuses with 403 to hand out more than the key itself may. */
export function requireMayGive({ credential }: Principal, roles: readonly string[]): void {
  if (!roles.includes(PLATFORM) || credential.roles.includes(PLATFORM)) return;
  throw new ScimError(403, `The role ${PLATFORM} is given by keys that have it; the key ${credential.prefix} has not.`);
}

/** Refuses with 403 to change, or to take over, a key that may more than the key itself. */
export function requireMayChange({ credential }: Principal, key: Credential): void {
  if (!key.roles.includes(PLATFORM) || credential.roles.includes(PLATFORM)) return;
  throw new ScimError(
    403,
    `The key ${key.prefix} has the role ${PLATFORM}; only keys with that role may change it, and ${credential.prefix} has not.`,
  );
}
