import type { Profile } from './profile.ts';

/** Every operation on resources of a type. */
export const EVERY_OPERATION = { create: true, read: true, search: true, replace: true, patch: true, delete: true };

/** Plain RFC 7643 and 7644: the empty deviation, which every other profile starts from. */
export const RFC: Profile = {
  name: 'rfc',
  title: 'Plain RFC 7643 and 7644',
  addressBy: 'id',
  invalidInputStatus: 400,
  roles: 'open',
  rolesOut: 'rfc',
  protectOwner: 'delete',
  operations: { User: EVERY_OPERATION, Group: EVERY_OPERATION, bulk: true, me: true, search: true },
  scim: true,
  scimFromPlan: 'free',
  uniqueEmails: false,
  invitations: false,
  teams: false,
  keyRoles: { names: [], ofOrganization: [] },
  rest: null,
  restScheme: 'bearer',
  environments: false,
  provisioning: 'direct',
  rateLimit: {
    perSecond: { free: null, starter: null, pro: null, enterprise: null },
    per: 'tenant',
    headers: true,
    retryAfter: true,
  },
  paging: { defaultCount: 100, maxCount: 1000 },
  quirks: {},
};
