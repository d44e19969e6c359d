import type { Profile } from './profile.ts';
import { EVERY_OPERATION, RFC } from './rfc.ts';

/** Modern Treasury (source 000): a part of SCIM behind the Enterprise plan, and a REST surface that only reads. */
export const MODERN_TREASURY: Profile = {
  ...RFC,
  name: 'modern-treasury',
  title: 'Modern Treasury: SCIM without deletion on the Enterprise plan, read-only REST',
  // "SCIM plan required: Enterprise"; "Attempting SCIM calls on non-Enterprise plans will fail."
  scimFromPlan: 'enterprise',
  operations: {
    // "Supported operations: Create User, Get User, List Users, Update User (PUT), Deactivate User (PATCH)"
    User: { ...EVERY_OPERATION, delete: false },
    // "Get Groups, Create Group, Update Group (PATCH)"
    Group: { ...EVERY_OPERATION, replace: false, delete: false },
    bulk: false,
    me: false,
    search: false,
  },
  // email: "Must be unique within the organization."
  uniqueEmails: true,
  // "GET /api/users and GET /api/users/{id} are the supported operations."
  rest: 'modern-treasury',
  // "HTTP Basic Auth (API key as username, empty password; or Organization ID + API key pair)"
  restScheme: 'basic',
  // "Live mode and sandbox mode share the same base URL but require separate API keys"
  environments: true,
  // "HTTP 429 is returned when limits are exceeded." No number, no Retry-After and no header is documented.
  // "Modern Treasury enforces rate limits per API key."
  rateLimit: { ...RFC.rateLimit, per: 'credential', headers: false, retryAfter: false },
};
