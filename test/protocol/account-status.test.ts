import { describe, expect, it } from 'vitest';
import { accountStatus, invited, settled, uninvited } from '../../src/protocol/account-status.ts';
import { ACCOUNT, STATUS_REASONS } from '../../src/schema/account.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { ACCOUNT_SCHEMA, USER_SCHEMA } from '../../src/schema/urns.ts';

const type: ResourceTypeDefinition = {
  ...USER_TYPE,
  extensions: [...USER_TYPE.extensions, { schema: ACCOUNT, required: false }],
};
const document = (active: boolean | undefined, status?: string, statusReason?: string): JsonObject => ({
  schemas: [USER_SCHEMA],
  userName: 'ada',
  ...(active === undefined ? {} : { active }),
  ...(status === undefined
    ? {}
    : { [ACCOUNT_SCHEMA]: { status, ...(statusReason === undefined ? {} : { statusReason }) } }),
});
const outcome = (before: JsonObject | undefined, after: JsonObject) => {
  const { status, statusReason } = settled(type, before, after)[ACCOUNT_SCHEMA] as JsonObject;
  return [status, statusReason];
};

const INVITED = document(false, 'invited', 'invitationPending');
const ACTIVE = document(true, 'active', 'created');
const SUSPENDED = document(false, 'suspended', 'deactivated');

describe('the status of an account', () => {
  it.each<[string, JsonObject | undefined, JsonObject, string, string]>([
    ['new and active', undefined, document(true), 'active', 'created'],
    ['new without a word of it', undefined, document(undefined), 'active', 'created'],
    ['new and inactive', undefined, document(false), 'suspended', 'createdInactive'],
    ['new and invited', undefined, invited(type, document(true)), 'invited', 'invitationPending'],
    ['invited and active then', INVITED, { ...INVITED, active: true }, 'active', 'invitationAccepted'],
    ['invited and changed otherwise', INVITED, { ...INVITED, title: 'x' }, 'invited', 'invitationPending'],
    ['invited and replaced', INVITED, document(false), 'invited', 'invitationPending'],
    ['invited no more', INVITED, uninvited(type, INVITED), 'suspended', 'invitationWithdrawn'],
    ['active and suspended', ACTIVE, { ...ACTIVE, active: false }, 'suspended', 'deactivated'],
    ['active and asked to be invited', ACTIVE, invited(type, ACTIVE), 'suspended', 'deactivated'],
    ['suspended and active then', SUSPENDED, { ...SUSPENDED, active: true }, 'active', 'reactivated'],
    ['suspended and asked to be invited', SUSPENDED, invited(type, SUSPENDED), 'suspended', 'deactivated'],
    ['active and replaced', ACTIVE, document(undefined), 'active', 'created'],
    ['from before there was a status', document(false), document(false), 'suspended', 'deactivated'],
    ['from before, and active', document(true), document(true), 'active', 'created'],
  ])('of one that is %s', (_, before, after, status, reason) => {
    expect(outcome(before, after)).toEqual([status, reason]);
    expect(STATUS_REASONS).toContain(reason);
    expect(accountStatus(settled(type, before, after))).toBe(status);
  });

  it('puts its schema into schemas, and leaves types alone that have none', () => {
    expect(settled(type, undefined, document(true)).schemas).toEqual([USER_SCHEMA, ACCOUNT_SCHEMA]);
    const plain = document(false);
    for (const change of [
      settled(USER_TYPE, undefined, plain),
      invited(USER_TYPE, plain),
      uninvited(USER_TYPE, plain),
    ]) {
      expect(change).toBe(plain);
    }
    expect(accountStatus(plain)).toBe('suspended');
  });
});
