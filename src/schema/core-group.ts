import { attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { GROUP_SCHEMA } from './urns.ts';

/** The core Group schema of RFC 7643 §4.2, with the verified errata. */
export const GROUP: SchemaDefinition = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group of users and of other groups',
  attributes: [
    attribute('displayName', 'Name of the group; unique, in any letter case.', {
      // Erratum 5368.
      required: true,
      // RFC 7643 leaves it open; clients match groups by name, so two of one name can't be told apart.
      uniqueness: 'server',
    }),
    complex(
      'members',
      'Members of the group.',
      [
        attribute('value', 'The id of the member.', { mutability: 'immutable' }),
        attribute('$ref', 'URI of the member.', {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'immutable',
        }),
        // Erratum 6011: sent by clients and shown by servers; here it is always the member's own displayName.
        attribute('display', "The member's displayName.", { mutability: 'readOnly' }),
        attribute('type', 'Resource type of the member.', {
          mutability: 'immutable',
          canonicalValues: ['User', 'Group'],
        }),
      ],
      { multiValued: true, residence: 'rows' },
    ),
  ],
};
