/** Kinds of change of a resource, by the last part of their event URI (RFC 9967 §7.4). */
export const CHANGE_KINDS = ['create', 'put', 'patch', 'delete'] as const;
/** The name of a kind of change. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What a change can mean for an account beside (RFC 9967 §2.4). */
export const ACCOUNT_KINDS = ['activate', 'deactivate'] as const;

/** Kind of the event that tells of an invitation to a group; RFC 9967 knows none. Its attribute is the membership. */
export const INVITATION = 'invite';

/** What happens to tasks, as the events of their users tell of it. */
export const TASK_EVENT_KINDS = ['task-created', 'task-claimed', 'task-released', 'task-done', 'task-refused'] as const;
/** The name of what happens to a task. */
export type TaskEventKind = (typeof TASK_EVENT_KINDS)[number];

/** What is done to a tenant and its credentials. */
export const ADMIN_KINDS = [
  'tenant-created',
  'plan-changed',
  'rate-limit-changed',
  'owner-changed',
  'faults-changed',
  'feature-changed',
  'role-added',
  'role-renamed',
  'schema-registered',
  'schema-replaced',
  'schema-removed',
  'type-registered',
  'type-removed',
  'token-issued',
  'token-rotated',
  'token-replaced',
  'token-revoked',
  'token-roles-changed',
  'token-expiring',
  'client-created',
  'client-revoked',
  'client-secret-added',
  'client-secret-removed',
  'client-secret-expiring',
  'issuer-added',
  'issuer-removed',
  'token-life-changed',
  'request-log-changed',
  'request-log-cleared',
] as const;
/** The name of what is done to a tenant or a credential. */
export type AdminKind = (typeof ADMIN_KINDS)[number];

/** The resource type of events that tell of no resource. */
export const ADMINISTRATION = 0;

/** Every kind that an event can have. */
export const EVENT_KINDS: readonly string[] = [
  ...CHANGE_KINDS,
  ...ACCOUNT_KINDS,
  INVITATION,
  ...TASK_EVENT_KINDS,
  ...ADMIN_KINDS,
];
