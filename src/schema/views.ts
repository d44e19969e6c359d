import { GROUP_MEMBERSHIP_TYPE } from './group-membership.ts';
import type { ResourceTypeDefinition } from './resource-type.ts';
import { ENTITLEMENT_TYPE, ROLE_TYPE } from './roles-and-entitlements.ts';

/** Every type whose resources are made of other rows. Their names, endpoints and URNs are taken, also while they are off. */
export const VIEW_TYPES: readonly ResourceTypeDefinition[] = [ROLE_TYPE, ENTITLEMENT_TYPE, GROUP_MEMBERSHIP_TYPE];
