import { PLANS } from '../profiles/profile.ts';
import { ScimError } from '../protocol/errors.ts';
import type { Principal } from './principal.ts';
import type { Surface } from './schemes.ts';

/** SCIM, for tenants whose profile has it and whose plan includes it. */
export const SCIM_SURFACE: Surface = { scheme: 'bearer', realm: 'SCIM', admits: requireScim };

/** The admin API. */
export const ADMIN_SURFACE: Surface = { scheme: 'bearer', realm: 'Administration', admits: () => {} };

function requireScim({ tenant, dialect: { profile } }: Principal): void {
  if (!profile.scim) {
    throw new ScimError(
      404,
      `The profile ${profile.name} has no SCIM${profile.rest === null ? '.' : '; use its REST API.'}`,
    );
  }
  if (PLANS.indexOf(tenant.plan) < PLANS.indexOf(profile.scimFromPlan)) {
    throw new ScimError(403, `SCIM needs the plan ${profile.scimFromPlan}; this tenant has the plan ${tenant.plan}.`);
  }
}
