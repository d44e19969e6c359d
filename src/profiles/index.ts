import { MESSAGEBIRD } from './messagebird.ts';
import { MODERN_TREASURY } from './modern-treasury.ts';
import { MODZY } from './modzy.ts';
import { PAYHAWK } from './payhawk.ts';
import type { Profile } from './profile.ts';
import { RFC } from './rfc.ts';
import { ROLE_OBJECT } from './role-object.ts';

/** Every profile that ships, the default one first. */
export const PROFILES: readonly Profile[] = [ROLE_OBJECT, RFC, MODERN_TREASURY, MESSAGEBIRD, MODZY, PAYHAWK];

/** The profile of a tenant that was created without naming one. */
export const DEFAULT_PROFILE = ROLE_OBJECT;

/** The profile of that name, or undefined. */
export function profileNamed(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
