import { ScimError } from '../protocol/errors.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Database } from '../storage/database.ts';
import { findTenantById, type Tenant } from '../storage/tenants.ts';
import type { Scope } from './context.ts';

/** Says why a change of the user must not be, or undefined; `after` is undefined on DELETE. */
export type OwnerProtection = (
  id: string,
  before: JsonObject,
  after: JsonObject | undefined,
) => Promise<ScimError | undefined>;

/**
 * Refuses, with 403, what the profile does not let a SCIM client do to the tenant's owner. The owner is read at most once,
 * beside the locked rows of the users, and not taken from what authentication remembers.
 */
export function ownerProtection(tx: Database, scope: Scope): OwnerProtection {
  let tenant: Promise<Tenant | undefined> | undefined;
  return async (id, before, after) => {
    const forbidden = scope.mayActOnOwner ? undefined : forbiddenToOwners(scope, before, after);
    if (forbidden === undefined) return undefined;
    tenant ??= findTenantById(tx, scope.tenantId);
    if ((await tenant)?.ownerId !== id) return undefined;
    return new ScimError(
      403,
      `This user owns the tenant and can't be ${forbidden}; an administrator has to make another user the owner first.`,
    );
  };
}

/** What the change would do that an owner is protected from, in words, or undefined. */
function forbiddenToOwners(scope: Scope, before: JsonObject, after: JsonObject | undefined): string | undefined {
  if (after === undefined) return 'deleted';
  const suspended = before.active !== false && after.active === false;
  return suspended && scope.dialect.profile.protectOwner === 'delete-and-deactivate' ? 'deactivated' : undefined;
}
