import { type AttributeDefinition, attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { USER_SCHEMA } from './urns.ts';

const PRIMARY = attribute('primary', 'Whether this is the preferred value; true for at most one.', { type: 'boolean' });

/** A multi-valued attribute with the sub-attributes of RFC 7643 §2.4. */
function plural(
  name: string,
  description: string,
  value: AttributeDefinition,
  types: readonly string[] = [],
): AttributeDefinition {
  return complex(
    name,
    description,
    [
      value,
      attribute('display', 'Name of the value for people to read.'),
      attribute('type', 'Label of what the value is for.', types.length > 0 ? { canonicalValues: types } : {}),
      PRIMARY,
    ],
    { multiValued: true },
  );
}

const NAME = complex('name', "Parts of the user's name.", [
  attribute('formatted', 'The whole name as it is shown.'),
  attribute('familyName', 'Family name, or last name in most Western languages.'),
  attribute('givenName', 'Given name, or first name in most Western languages.'),
  attribute('middleName', 'Middle names.'),
  attribute('honorificPrefix', 'Title before the name.'),
  attribute('honorificSuffix', 'Suffix after the name.'),
]);

const ADDRESSES = complex(
  'addresses',
  'Postal addresses.',
  [
    attribute('formatted', 'The whole address as on a label; may have line breaks.'),
    attribute('streetAddress', 'Street, house number and the like; may have line breaks.'),
    attribute('locality', 'City or locality.'),
    attribute('region', 'State or region.'),
    attribute('postalCode', 'Postal code.'),
    attribute('country', 'Country, as an ISO 3166-1 alpha-2 code.', { format: 'country' }),
    attribute('type', 'Label of what the address is for.', { canonicalValues: ['work', 'home', 'other'] }),
    PRIMARY,
  ],
  { multiValued: true },
);

const GROUPS = complex(
  'groups',
  'Groups that the user is in, directly or through a nested group; changed through the groups only.',
  [
    attribute('value', 'The id of the group.', { mutability: 'readOnly' }),
    // Erratum 8471: only groups, not users.
    attribute('$ref', 'URI of the group.', { type: 'reference', referenceTypes: ['Group'], mutability: 'readOnly' }),
    attribute('display', "The group's displayName.", { mutability: 'readOnly' }),
    attribute('type', 'How the user is in the group.', {
      mutability: 'readOnly',
      canonicalValues: ['direct', 'indirect'],
    }),
  ],
  { multiValued: true, mutability: 'readOnly', residence: 'derived' },
);

/** The core User schema of RFC 7643 §4.1, with the verified errata. */
export const USER: SchemaDefinition = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'User account',
  attributes: [
    attribute('userName', 'Name by which the user signs in; unique, in any letter case.', {
      required: true,
      uniqueness: 'server',
    }),
    NAME,
    attribute('displayName', 'Name of the user as it is shown to others.'),
    attribute('nickName', 'Casual name.'),
    attribute('profileUrl', "URL of the user's profile page.", { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'Job title.'),
    attribute('userType', 'Relation to the organization, such as employee or contractor.'),
    attribute('preferredLanguage', 'Preferred languages, as in an Accept-Language header.'),
    attribute('locale', 'Locale for dates, numbers and currency.'),
    attribute('timezone', 'Time zone, by its IANA name.'),
    attribute('active', 'Whether the account is live.', { type: 'boolean', defaultValue: true }),
    attribute('password', 'Password to set; kept as a hash and never shown.', {
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
      residence: 'hash',
    }),
    plural('emails', 'E-mail addresses.', attribute('value', 'E-mail address, as sent.'), ['work', 'home', 'other']),
    plural('phoneNumbers', 'Telephone numbers.', attribute('value', 'Telephone number, as sent.'), [
      'work',
      'home',
      'mobile',
      'fax',
      'pager',
      'other',
    ]),
    plural('ims', 'Instant messaging addresses.', attribute('value', 'Instant messaging address.'), [
      'aim',
      'gtalk',
      'icq',
      'xmpp',
      'msn',
      'skype',
      'qq',
      'yahoo',
    ]),
    plural(
      'photos',
      'Pictures of the user.',
      attribute('value', 'URL of a picture.', { type: 'reference', referenceTypes: ['external'] }),
      ['photo', 'thumbnail'],
    ),
    ADDRESSES,
    GROUPS,
    plural('entitlements', 'Things the user is entitled to.', attribute('value', 'Name of the entitlement.')),
    plural('roles', "The user's roles.", attribute('value', 'Name of the role.')),
    plural(
      'x509Certificates',
      'Certificates issued to the user.',
      attribute('value', 'One DER certificate in base64.', { type: 'binary' }),
    ),
  ],
};
