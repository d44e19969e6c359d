import { type AttributeDefinition, attribute, complex } from './attribute.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from './resource-type.ts';
import { ENTITLEMENT_SCHEMA, ROLE_SCHEMA } from './urns.ts';

// draft-ietf-scim-roles-entitlements-01: everything about it is the server's.
const READ_ONLY = { mutability: 'readOnly' } as const;
const GIVEN = { mutability: 'readOnly', required: true } as const;

function assignable(id: string, name: string, noun: string): SchemaDefinition {
  return {
    id,
    name,
    description: `What users can be given as ${noun}`,
    attributes: [
      attribute('value', `The value that stands for it in ${noun} of a user.`, { ...READ_ONLY, required: true }),
      attribute('display', 'Name for people to read.', READ_ONLY),
      attribute('type', 'Label of what it is for.', READ_ONLY),
      attribute('supported', 'Whether it can be given at present.', { ...READ_ONLY, type: 'boolean', required: true }),
      attribute('limitedAssignmentsPermitted', 'Whether only so many users may have it.', {
        ...READ_ONLY,
        type: 'boolean',
      }),
      attribute('totalAssignmentsPermitted', 'How many users may have it.', { ...READ_ONLY, type: 'integer' }),
      attribute('totalAssignmentsUsed', 'How many users have it.', { ...READ_ONLY, type: 'integer' }),
      attribute('containedBy', 'What includes it.', { ...READ_ONLY, multiValued: true }),
      attribute('contains', 'What it includes.', { ...READ_ONLY, multiValued: true }),
    ],
  };
}

/** The Role resource type of draft-ietf-scim-roles-entitlements. No rows are stored under its number. */
export const ROLE_TYPE: ResourceTypeDefinition = {
  name: 'Role',
  description: 'Role that users can be given',
  endpoint: '/Roles',
  schema: assignable(ROLE_SCHEMA, 'Role', 'roles'),
  extensions: [],
  number: -1,
};

/** The Entitlement resource type of the same draft. */
export const ENTITLEMENT_TYPE: ResourceTypeDefinition = {
  name: 'Entitlement',
  description: 'Entitlement that users can be given',
  endpoint: '/Entitlements',
  schema: assignable(ENTITLEMENT_SCHEMA, 'Entitlement', 'entitlements'),
  extensions: [],
  number: -2,
};

/** What the draft adds to /ServiceProviderConfig. */
export const ROLES_AND_ENTITLEMENTS: AttributeDefinition = complex(
  'RolesAndEntitlements',
  'Lists of what users can be given.',
  // Complex attributes within one, against RFC 7643 §2.3.8: the draft has it so.
  [support('roles', 'multipleRolesSupported'), support('entitlements', 'multipleEntitlementsSupported')],
  GIVEN,
);

function support(name: string, multiple: string): AttributeDefinition {
  const can = (sub: string, description: string) =>
    attribute(sub, description, { type: 'boolean', mutability: 'readOnly' });
  return complex(
    name,
    `What is supported of ${name}.`,
    [
      attribute('supported', `Whether the tenant has a list of the ${name} that can be given.`, {
        ...GIVEN,
        type: 'boolean',
      }),
      can(multiple, `Whether a user can have several ${name}.`),
      can('primarySupported', `Whether one of a user's ${name} can be primary.`),
      can('typeSupported', `Whether ${name} of a user can have a type.`),
    ],
    GIVEN,
  );
}
