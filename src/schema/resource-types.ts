import { GROUP } from './core-group.ts';
import { USER } from './core-user.ts';
import { ENTERPRISE_USER } from './enterprise-user.ts';
import type { ResourceTypeDefinition } from './resource-type.ts';

/** The User resource type; its number is how stored rows name it and never changes. */
export const USER_TYPE: ResourceTypeDefinition = {
  name: 'User',
  description: 'User account',
  endpoint: '/Users',
  schema: USER,
  extensions: [{ schema: ENTERPRISE_USER, required: false }],
  number: 1,
  uniqueAttribute: 'userName',
};

/** The Group resource type. */
export const GROUP_TYPE: ResourceTypeDefinition = {
  name: 'Group',
  description: 'Group of users and of other groups',
  endpoint: '/Groups',
  schema: GROUP,
  extensions: [],
  number: 2,
  uniqueAttribute: 'displayName',
};
