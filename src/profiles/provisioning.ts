import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { profileNamed } from './index.ts';
import { PROVISIONINGS } from './profile.ts';

/**
 * The profile, given by its name or as the JSON of an own one, as one that provisions in that way. By hand can be done only
 * what a client may ask for, so it has SCIM then. One that does so anyway, or that there is not, stays as it is.
 */
export function withProvisioning(profile: JsonValue, asked: string | undefined): JsonValue {
  if (asked === undefined) return profile;
  const provisioning = PROVISIONINGS.find((one) => one === asked);
  if (!provisioning) {
    throw invalidValue(`There is no provisioning "${abridged(asked)}"; send ${PROVISIONINGS.join(' or ')}.`);
  }
  const flags: JsonObject = { ...(provisioning === 'manual' ? { scim: true } : {}), provisioning };
  if (isObject(profile)) return { ...profile, ...flags };
  const base = typeof profile === 'string' ? profileNamed(profile) : undefined;
  if (!base || base.provisioning === provisioning) return profile;
  return { name: `${base.name}-own`, extends: base.name, ...flags };
}
