import type { Profile } from './profile.ts';
import { EVERY_OPERATION, RFC } from './rfc.ts';

/** MessageBird (source 003): a part of SCIM behind the Enterprise plan, and a REST surface for users on every plan. */
export const MESSAGEBIRD: Profile = {
  ...RFC,
  name: 'messagebird',
  title: 'MessageBird: SCIM without PUT on the Enterprise plan, REST with AccessKey',
  // "SCIM provisioning is only available on Enterprise plans; requests on lower tiers return 403."
  scimFromPlan: 'enterprise',
  operations: {
    // "GET /Users, POST /Users, GET /Users/{id}, PATCH /Users/{id}, DELETE /Users/{id}"
    User: { ...EVERY_OPERATION, replace: false },
    // "GET /Groups, POST /Groups, PATCH /Groups/{id}, DELETE /Groups/{id}"
    Group: { ...EVERY_OPERATION, replace: false },
    bulk: false,
    me: false,
    search: false,
  },
  // "If the email already exists in Bird, expect HTTP 409"
  uniqueEmails: true,
  // "User receives an email invitation; account is not active until invitation is accepted."
  invitations: true,
  // "a REST API at https://rest.messagebird.com/users"
  rest: 'messagebird',
  // "Authorization: AccessKey <your_api_key> for REST; Authorization: Bearer <scim_token> for SCIM"
  restScheme: 'access-key',
  rateLimit: {
    // "Free ~100 requests/second; Starter/Pro ~300 requests/second; Enterprise custom / negotiated"
    perSecond: { free: 100, starter: 300, pro: 300, enterprise: null },
    per: 'tenant',
    // "Rate-limit headers: Yes"
    headers: true,
    // "no Retry-After header is returned"
    retryAfter: false,
  },
};
