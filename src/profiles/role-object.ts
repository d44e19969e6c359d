import type { Profile } from './profile.ts';
import { RFC } from './rfc.ts';

/** The role-object API (source 004). */
export const ROLE_OBJECT: Profile = {
  ...RFC,
  name: 'role-object',
  title: 'SCIM with roles as an object of booleans',
  // "id=[string](SCIM ID or external ID)"
  addressBy: 'id-or-externalId',
  // "Invalid input: 422 Unprocessable Entity"
  invalidInputStatus: 422,
  // "The roles field in user objects contains an object with role names as keys and boolean values"
  roles: 'named',
  rolesOut: 'object',
  // "The account owner cannot be deleted through this API."
  protectOwner: 'delete',
};
