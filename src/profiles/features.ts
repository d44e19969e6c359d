/** What a tenant can have switched on beside what its profile offers: parts of drafts, whose names may still move. */
export const FEATURES = {
  'group-memberships': 'GroupMembership resources: one resource a membership, for groups too large to read at once.',
  'roles-and-entitlements': '/Roles and /Entitlements, which list what users can be given.',
} as const;

/** The name of one of them. */
export type Feature = keyof typeof FEATURES;

/** Every name, as the database and the command line have them. */
export const FEATURE_NAMES = Object.keys(FEATURES) as Feature[];
