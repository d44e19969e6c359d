import type { Profile } from './profile.ts';
import { RFC } from './rfc.ts';

/**
 * Payhawk (source 002): an app without any API for users. What can be had of it is a bridge: a tenant with
 * `provisioning: manual` takes SCIM, and a person does each change by hand.
 */
export const PAYHAWK: Profile = {
  ...RFC,
  name: 'payhawk',
  title: 'Payhawk: no SCIM and no API for users',
  // "No SCIM provisioning is documented"
  scim: false,
  // "there are no REST endpoints for creating, updating, listing, or deactivating users"
  rest: null,
  // "Authentication uses a Bearer token (API key)"
  restScheme: 'bearer',
};
