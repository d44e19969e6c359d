import type { ACCOUNT_STATUSES, STATUS_REASONS } from '../schema/account.ts';
import { emptyObject, isObject, type JsonObject } from '../schema/json.ts';
import { extensionSchema } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { ACCOUNT_SCHEMA } from '../schema/urns.ts';
import { withSchemas } from './document.ts';

/** What has become of an account. */
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];
type Reason = (typeof STATUS_REASONS)[number];

/** The status of the account: by `active` alone where the document has no other word of it. */
export function accountStatus(document: JsonObject): AccountStatus {
  if (document.active !== false) return 'active';
  return heldStatus(document) === 'invited' ? 'invited' : 'suspended';
}

/** The new account as an invited one, as far as its type knows of invitations; else as it is. */
export function invited(type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  return hasStatus(type) ? withStatus(type, { ...document, active: false }, { status: 'invited' }) : document;
}

/** The account without its invitation: suspended, if it is not active. */
export function uninvited(type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  return hasStatus(type) ? withStatus(type, document, { status: 'suspended' }) : document;
}

/**
 * The document after a change with the status that `active` and the status before make of it, whichever API the change came
 * by. Who is active is invited no more, and an invitation is made with the account or never.
 */
export function settled(type: ResourceTypeDefinition, before: JsonObject | undefined, after: JsonObject): JsonObject {
  if (!hasStatus(type)) return after;
  const was = before && heldStatus(before);
  const asked = heldStatus(after) ?? was;
  const invitable = before === undefined || was === 'invited';
  const status = after.active !== false ? 'active' : asked === 'invited' && invitable ? 'invited' : 'suspended';
  if (status === was && before) {
    const unchanged = before[ACCOUNT_SCHEMA];
    if (isObject(unchanged)) return withStatus(type, after, unchanged);
  }
  return withStatus(type, after, { status, statusReason: reasonOf(was, status, before === undefined) });
}

function reasonOf(was: AccountStatus | undefined, is: AccountStatus, isNew: boolean): Reason {
  switch (is) {
    case 'invited':
      return 'invitationPending';
    case 'active':
      if (was === undefined) return 'created';
      return was === 'invited' ? 'invitationAccepted' : 'reactivated';
    case 'suspended':
      if (isNew) return 'createdInactive';
      return was === 'invited' ? 'invitationWithdrawn' : 'deactivated';
  }
}

function hasStatus(type: ResourceTypeDefinition): boolean {
  return extensionSchema(type, ACCOUNT_SCHEMA) !== undefined;
}

function heldStatus(document: JsonObject): AccountStatus | undefined {
  const held = document[ACCOUNT_SCHEMA];
  return isObject(held) ? (held.status as AccountStatus | undefined) : undefined;
}

function withStatus(type: ResourceTypeDefinition, document: JsonObject, status: JsonObject): JsonObject {
  return withSchemas(type, { ...document, [ACCOUNT_SCHEMA]: Object.assign(emptyObject(), status) });
}
