import { ScimError } from '../protocol/errors.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Database } from '../storage/database.ts';
import { findTenantById } from '../storage/tenants.ts';
import type { Scope } from './context.ts';

/**
 * Refuses, with 403, what the profile does not let a SCIM client do to the tenant's owner; `after` is undefined on DELETE.
 * The owner is read here, beside the locked row of the user, and not taken from what authentication remembers.
 */
export async function protectOwner(
  tx: Database,
  scope: Scope,
  id: string,
  before: JsonObject,
  after: JsonObject | undefined,
): Promise<void> {
  const forbidden = scope.mayActOnOwner ? undefined : forbiddenToOwners(scope, before, after);
  if (forbidden === undefined) return;
  const tenant = await findTenantById(tx, scope.tenantId);
  if (tenant?.ownerId !== id) return;
  throw new ScimError(
    403,
    `This user owns the tenant and can't be ${forbidden}; an administrator has to make another user the owner first.`,
  );
}

/** What the change would do that an owner is protected from, in words, or undefined. */
function forbiddenToOwners(scope: Scope, before: JsonObject, after: JsonObject | undefined): string | undefined {
  if (after === undefined) return 'deleted';
  const suspended = before.active !== false && after.active === false;
  return suspended && scope.dialect.profile.protectOwner === 'delete-and-deactivate' ? 'deactivated' : undefined;
}
