import { profileNamed } from '../profiles/index.ts';
import { type OwnProfile, readOwnProfile } from '../profiles/own-profile.ts';
import type { Profile } from '../profiles/profile.ts';
import { ScimError } from '../protocol/errors.ts';
import { parseJsonBody } from '../protocol/json.ts';
import type { Tenant } from '../storage/tenants.ts';

/** The part of a tenant that says which profile it has. */
export type ProfileChoice = Pick<Tenant, 'slug' | 'profile' | 'ownProfile'>;

/** A tenant's profile, or why this version can't have it. */
export type TenantProfile =
  | { readonly profile: Profile; readonly own?: OwnProfile; readonly problem?: never }
  | { readonly profile?: never; readonly own?: never; readonly problem: string };

/** The profile of a tenant; a 500 of this tenant alone when this version can't read it any more. */
export function profileOf(tenant: ProfileChoice): Profile {
  const { profile, problem } = findProfile(tenant);
  if (profile) return profile;
  throw new ScimError(500, problem);
}

/** The profile of a tenant, with what it extends where it is the tenant's own. */
export function findProfile({ slug, profile: name, ownProfile }: ProfileChoice): TenantProfile {
  if (ownProfile === undefined) {
    const profile = profileNamed(name);
    return profile
      ? { profile }
      : { problem: `The tenant "${slug}" has the profile "${name}", which this version lacks.` };
  }
  const { own, problems } = readOwnProfile(parseJsonBody(ownProfile));
  if (own) return { profile: own.profile, own };
  return {
    problem:
      `The tenant "${slug}" has the profile "${name}" of its own, which this version can't read: ${problems.join(' ')} ` +
      'Run the version that it was made with, or create another tenant.',
  };
}
