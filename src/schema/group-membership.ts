import { attribute, complex } from './attribute.ts';
import type { ResourceTypeDefinition } from './resource-type.ts';
import { GROUP_MEMBERSHIP_SCHEMA } from './urns.ts';

const DERIVED = { mutability: 'readOnly' } as const;
const LINK = { mutability: 'immutable', required: true } as const;

/**
 * The GroupMembership resource type of draft-zollner-scim-group-members (the editor's copy; the published -01 calls it
 * GroupMember): one direct membership. No rows are stored under its number: it is made of a row of `members`.
 */
export const GROUP_MEMBERSHIP_TYPE: ResourceTypeDefinition = {
  name: 'GroupMembership',
  description: 'Membership of a user or group in a group',
  endpoint: '/GroupMemberships',
  schema: {
    id: GROUP_MEMBERSHIP_SCHEMA,
    name: 'GroupMembership',
    description: 'One direct membership in a group',
    attributes: [
      complex(
        'group',
        'The group.',
        [
          attribute('value', 'The id of the group.', { ...LINK, caseExact: true }),
          attribute('$ref', 'URI of the group.', { ...DERIVED, type: 'reference', referenceTypes: ['Group'] }),
          attribute('display', "The group's displayName.", DERIVED),
        ],
        LINK,
      ),
      complex(
        'member',
        'The member of the group.',
        [
          attribute('value', 'The id of the member.', { ...LINK, caseExact: true }),
          attribute('$ref', 'URI of the member.', { ...DERIVED, type: 'reference', referenceTypes: ['User', 'Group'] }),
          attribute('type', 'Resource type of the member.', { ...DERIVED, canonicalValues: ['User', 'Group'] }),
          attribute('display', "The member's displayName.", DERIVED),
        ],
        LINK,
      ),
    ],
  },
  extensions: [],
  number: -3,
};
