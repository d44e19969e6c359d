import type { Profile } from './profile.ts';
import { RFC } from './rfc.ts';

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
};
