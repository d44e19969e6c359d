import { describe, expect, it } from 'vitest';
import type { AttributeDefinition } from '../../src/schema/attribute.ts';
import { COMMON_ATTRIBUTES } from '../../src/schema/common.ts';
import { GROUP } from '../../src/schema/core-group.ts';
import { USER } from '../../src/schema/core-user.ts';
import { ENTERPRISE_USER } from '../../src/schema/enterprise-user.ts';
import { shows } from '../support/conformance.ts';

/** One line an attribute: path, type, and each characteristic that is not the default of RFC 7643 §2.2. */
function table(attributes: readonly AttributeDefinition[], prefix = ''): string[] {
  return attributes.flatMap((definition) => {
    const { name, type, multiValued, required, caseExact, mutability, returned, uniqueness } = definition;
    const special = [
      required && 'required',
      caseExact && 'caseExact',
      mutability !== 'readWrite' && mutability,
      returned !== 'default' && `returned:${returned}`,
      uniqueness !== 'none' && `unique:${uniqueness}`,
      definition.canonicalValues?.join('/'),
      definition.referenceTypes && `→${definition.referenceTypes.join('/')}`,
    ].filter(Boolean);
    const line = [prefix + name, `${type}${multiValued ? '[]' : ''}`, ...special].join(' ');
    return [line, ...table(definition.subAttributes ?? [], `${prefix}${name}.`)];
  });
}

const plural = (name: string, types: string, value = 'string') => [
  `${name} complex[]`,
  `${name}.value ${value}`,
  `${name}.display string`,
  `${name}.type string${types && ` ${types}`}`,
  `${name}.primary boolean`,
];

// RFC 7643 §8.7.1. What differs from its text is marked with the reason.
const USER_TABLE = [
  'userName string required unique:server',
  'name complex',
  'name.formatted string',
  'name.familyName string',
  'name.givenName string',
  'name.middleName string',
  'name.honorificPrefix string',
  'name.honorificSuffix string',
  'displayName string',
  'nickName string',
  // §2.3.7 (erratum 6001): references are caseExact.
  'profileUrl reference caseExact →external',
  'title string',
  'userType string',
  'preferredLanguage string',
  'locale string',
  'timezone string',
  'active boolean',
  // A password in another letter case is another password.
  'password string caseExact writeOnly returned:never',
  ...plural('emails', 'work/home/other'),
  ...plural('phoneNumbers', 'work/home/mobile/fax/pager/other'),
  ...plural('ims', 'aim/gtalk/icq/xmpp/msn/skype/qq/yahoo'),
  ...plural('photos', 'photo/thumbnail', 'reference caseExact →external'),
  'addresses complex[]',
  'addresses.formatted string',
  'addresses.streetAddress string',
  'addresses.locality string',
  'addresses.region string',
  'addresses.postalCode string',
  'addresses.country string',
  'addresses.type string work/home/other',
  // §2.4 and the example of RFC 7644 §3.5.2.3 have it.
  'addresses.primary boolean',
  'groups complex[] readOnly',
  'groups.value string readOnly',
  // Erratum 8471: groups only.
  'groups.$ref reference caseExact readOnly →Group',
  'groups.display string readOnly',
  'groups.type string readOnly direct/indirect',
  ...plural('entitlements', ''),
  ...plural('roles', ''),
  // §2.3.6: binary is caseExact.
  ...plural('x509Certificates', '', 'binary caseExact'),
];

const GROUP_TABLE = [
  // Erratum 5368; unique, because clients match groups by name.
  'displayName string required unique:server',
  'members complex[]',
  'members.value string immutable',
  'members.$ref reference caseExact immutable →User/Group',
  // Erratum 6011.
  'members.display string readOnly',
  'members.type string immutable User/Group',
];

const ENTERPRISE_TABLE = [
  'employeeNumber string',
  'costCenter string',
  'organization string',
  'division string',
  'department string',
  'manager complex',
  // Erratum 8472.
  'manager.value string caseExact',
  'manager.$ref reference caseExact →User',
  'manager.displayName string readOnly',
];

// RFC 7643 §3.1.
const COMMON_TABLE = [
  'schemas reference[] required returned:always →uri',
  'id string caseExact readOnly returned:always unique:server',
  'externalId string caseExact',
  'meta complex readOnly',
  'meta.resourceType string caseExact readOnly',
  'meta.created dateTime readOnly',
  'meta.lastModified dateTime readOnly',
  'meta.location reference caseExact readOnly →uri',
  'meta.version string caseExact readOnly',
];

describe('the core schemas', () => {
  it.each([
    ['User', USER.attributes, USER_TABLE],
    ['Group', GROUP.attributes, GROUP_TABLE],
    ['EnterpriseUser', ENTERPRISE_USER.attributes, ENTERPRISE_TABLE],
    ['common attributes', COMMON_ATTRIBUTES, COMMON_TABLE],
  ])('have the characteristics of RFC 7643: %s', shows('7643-2.4-2', '7643-2.4-9'), (_, attributes, expected) => {
    expect(table(attributes)).toEqual(expected);
  });

  const everything = [USER, GROUP, ENTERPRISE_USER].flatMap((schema) => schema.attributes);
  const every = [...everything, ...COMMON_ATTRIBUTES].flatMap((one) => [one, ...(one.subAttributes ?? [])]);

  it('nest no complex attribute in another (§2.3.8, errata 8435, 8415)', shows('7643-2.3.8-2'), () => {
    const nested = everything.flatMap((one) => one.subAttributes ?? []).filter((sub) => sub.type === 'complex');
    expect(nested).toEqual([]);
  });

  it('give a complex attribute no uniqueness (erratum 6004) and a reference its types', shows('7643-7-21'), () => {
    for (const { type, uniqueness, referenceTypes } of every) {
      if (type === 'complex') expect(uniqueness).toBe('none');
      expect(referenceTypes !== undefined).toBe(type === 'reference');
    }
  });

  it('have names of the grammar in §2.1, and describe each attribute', shows('7643-2.1-2', '7643-7-4'), () => {
    for (const { name, description } of every) {
      expect(name).toMatch(/^(?:\$ref|[A-Za-z][A-Za-z0-9_$-]*)$/);
      expect(description).toMatch(/\.$/);
    }
  });

  it('never return what is writeOnly', shows('7643-4.1.1-14', '7643-7-13'), () => {
    const hidden = every.filter(({ mutability }) => mutability === 'writeOnly');
    expect(hidden.map(({ name, returned }) => [name, returned])).toEqual([['password', 'never']]);
  });
});
