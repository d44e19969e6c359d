import { attribute } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { ACCOUNT_SCHEMA } from './urns.ts';

/** What an account can be: live, invited and never live yet, or suspended. */
export const ACCOUNT_STATUSES = ['active', 'invited', 'suspended'] as const;

/** Why an account has its status. */
export const STATUS_REASONS = [
  'created',
  'invitationPending',
  'invitationAccepted',
  'invitationWithdrawn',
  'createdInactive',
  'deactivated',
  'reactivated',
] as const;

/** The User extension of tenants where users can be invited. `active` alone does not tell an invitation from a suspension. */
export const ACCOUNT: SchemaDefinition = {
  id: ACCOUNT_SCHEMA,
  name: 'Account',
  description: 'What has become of the account',
  attributes: [
    attribute('status', 'Whether the account is active, invited and not active yet, or suspended.', {
      mutability: 'readOnly',
      canonicalValues: ACCOUNT_STATUSES,
    }),
    attribute('statusReason', 'Why the account has its status.', {
      mutability: 'readOnly',
      canonicalValues: STATUS_REASONS,
    }),
  ],
};
