import { memberTypes } from '../schema/definitions.ts';
import type { MembershipRules } from '../storage/members.ts';
import type { Scope } from './context.ts';
import { locationPrefix, typeName } from './representation.ts';

/** What can be a member of the tenant's groups, and what becomes of what can't. */
export function membershipRules(scope: Scope): MembershipRules {
  const { quirks } = scope.dialect;
  return {
    tenantId: scope.tenantId,
    skipUnknown: quirks.has('unknownMembersSkipped'),
    skipped: () => quirks.took?.('unknownMembersSkipped', 'members'),
    location: locationPrefix(scope),
    typeName: typeName(scope),
    memberTypes: memberTypes(scope.dialect.registry),
  };
}
