import { ScimError } from '../protocol/errors.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Database } from '../storage/database.ts';
import { findTenantById, type Tenant } from '../storage/tenants.ts';
import type { Scope } from './context.ts';

/** Says why a change of the user must not be, or undefined. */
export type OwnerProtection = (id: string, before: JsonObject, after: JsonObject) => Promise<ScimError | undefined>;

/**
 * Refuses, with 403, what the profile does not let a SCIM client do to the tenant's owner; a deletion is refused where it is
 * written. The owner is read at most once, beside the locked rows of the users, and not taken from what authentication
 * remembers.
 */
export function ownerProtection(tx: Database, scope: Scope): OwnerProtection {
  let tenant: Promise<Tenant | undefined> | undefined;
  return async (id, before, after) => {
    if (!isForbiddenToOwners(scope, before, after)) return undefined;
    tenant ??= findTenantById(tx, scope.tenantId);
    return (await tenant)?.ownerId === id ? ownerRefusal('deactivated') : undefined;
  };
}

/** Whether the change is one that an owner is protected from: then it matters whose it is. */
export function isForbiddenToOwners(scope: Scope, before: JsonObject, after: JsonObject): boolean {
  if (scope.mayActOnOwner || scope.dialect.profile.protectOwner !== 'delete-and-deactivate') return false;
  return before.active !== false && after.active === false;
}

/** The refusal of what may not be done to the tenant's owner. */
export function ownerRefusal(done: 'deleted' | 'deactivated'): ScimError {
  return new ScimError(
    403,
    `This user owns the tenant and can't be ${done}; an administrator has to make another user the owner first.`,
  );
}
