import type { Profile } from './profile.ts';
import { RFC } from './rfc.ts';

/** Roles that keys can have. The documents name all but the first, whose name is ours: they speak of platform administrators. */
export const MODZY_ROLES = {
  PLATFORM_ADMIN: 'Administers the platform: all that an account administrator may, and gives this role',
  ACCOUNT_ADMIN: 'Administers the account: users, teams and keys',
  TEAM_ROLE: 'Belongs to a team',
  DEVELOPER: 'Works with what the application offers',
} as const;

/** Modzy (source 001): users, teams and keys over REST, and no SCIM. */
export const MODZY: Profile = {
  ...RFC,
  name: 'modzy',
  title: 'Modzy: accounts, users, teams and keys over REST, no SCIM',
  // The source documents no SCIM.
  scim: false,
  // "search users with an email to validate the user doesn't already exist"
  uniqueEmails: true,
  // "GET /api/accounting/accounts", "POST /api/accounting/users/search", …
  rest: 'modzy',
  // "Authorization: ApiKey apikey.modzy"
  restScheme: 'api-key',
  // "Add the user to a team", "adminUserIdentifier", "source"
  teams: true,
  // "Only Platform Administrators and Account Administrators can create and manage users."
  keyRoles: { names: Object.keys(MODZY_ROLES), ofOrganization: ['ACCOUNT_ADMIN'] },
};
