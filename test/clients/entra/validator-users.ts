import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, USER } from '../urns.ts';

/** Free text where a strict server expects a format, and parts that contradict each other: all must come back as sent. */
const PROFILE = {
  userName: 'Lonnie_Test.CASE@keelingparisian.example',
  displayName: 'KMGOJBSVVWZT',
  nickName: 'SIEYRNLHXPPW',
  title: 'RCBGWLVZMALC',
  userType: 'OSHZWSLICYTO',
  preferredLanguage: 'ii-CN',
  locale: 'XDTRIMWRNNVR',
  timezone: 'Africa/Ouagadougou and more',
  profileUrl: 'NUPBTOSLJHCD',
  active: true,
  name: {
    formatted: 'Kaleb',
    familyName: 'Shayna',
    givenName: 'Angelo',
    middleName: 'Aliya',
    honorificPrefix: 'Rodolfo',
    honorificSuffix: 'Monserrat',
  },
  addresses: [
    {
      type: 'work',
      formatted: 'OOTVHFYJPSXR',
      streetAddress: '74513 Lueilwitz Islands',
      locality: 'MUXAAXNDVUVL',
      region: 'RQFUJUFWXJHD',
      postalCode: 'fc1 8ar',
      primary: true,
      country: 'Lao People Republic',
    },
  ],
};

const PHONES = [
  { type: 'work', value: '84-562-1801', primary: true },
  { type: 'mobile', value: '84-562-1801' },
  { type: 'fax', value: '84-562-1801' },
];

const FULL = {
  schemas: [USER, ENT],
  ...PROFILE,
  emails: [{ type: 'work', value: 'not an address', primary: true }],
  phoneNumbers: PHONES,
  roles: [{ primary: 'True', display: 'IYRBVPSSVSZO', value: 'editor', type: 'ZKAYUQNBCQFW' }],
  [ENT]: {
    employeeNumber: 'AOJQTVLZOFPV',
    department: 'GBVHMUUPZTTC',
    costCenter: 'NRTBBGYGSSUR',
    organization: 'FGZUXLYBWVJM',
    division: 'HVRAQMIUEQQT',
    manager: { value: 'MHBHNKBFOVMM' },
  },
};

const SHOWN = {
  ...PROFILE,
  emails: [{ type: 'work', value: 'not an address', primary: true }],
  phoneNumbers: { $anyOrder: PHONES },
  [ENT]: FULL[ENT],
};

const RFC_ROLES = { roles: [{ primary: true, display: 'IYRBVPSSVSZO', value: 'editor', type: 'ZKAYUQNBCQFW' }] };
const ROLE_OBJECT = { roles: { $equals: { admin: false, member: false, editor: true } } };

export const sequence: Sequence = {
  title: 'SCIM Validator: create, duplicate, filter, delete',
  source: 'pranems/SCIMServer, captured traffic of scimvalidator.microsoft.com',
  steps: [
    {
      title: 'a full create with free text in every attribute',
      request: { method: 'POST', path: '/Users', headers: ENTRA_WRITE, body: FULL },
      expect: { status: 201, body: SHOWN },
      under: { rfc: { body: RFC_ROLES }, 'role-object': { body: ROLE_OBJECT } },
      save: { id: 'id' },
    },
    {
      title: 'a filter returns every value unchanged',
      request: {
        method: 'GET',
        path: '/Users?filter=userName+eq+%22Lonnie_Test.CASE%40keelingparisian.example%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [SHOWN] } },
      under: {
        rfc: { body: { Resources: [RFC_ROLES] } },
        'role-object': { body: { Resources: [ROLE_OBJECT] } },
      },
    },
    {
      title: 'the same create again',
      request: { method: 'POST', path: '/Users', headers: ENTRA_WRITE, body: FULL },
      expect: {
        status: 409,
        body: { scimType: 'uniqueness' },
        state: [{ path: '/Users', body: { totalResults: 1 } }],
      },
    },
    {
      title: 'a filter in another letter case',
      request: {
        method: 'GET',
        path: '/Users?filter=userName+eq+%22LONNIE_TEST.case%40KEELINGPARISIAN.example%22',
        headers: ENTRA,
      },
      expect: {
        status: 200,
        body: { totalResults: 1, Resources: [{ userName: 'Lonnie_Test.CASE@keelingparisian.example' }] },
      },
    },
    {
      title: 'a filter for somebody else: "_" and "." are no wildcards',
      request: {
        method: 'GET',
        path: '/Users?filter=userName+eq+%22Lonnie-Test.CASE%40keelingparisian.example%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: 'is deleted',
      request: { method: 'DELETE', path: '/Users/{{id}}', headers: ENTRA },
      expect: { status: 204 },
    },
    {
      title: 'is gone',
      request: { method: 'GET', path: '/Users/{{id}}', headers: ENTRA },
      expect: { status: 404 },
    },
    {
      title: 'is deleted again',
      request: { method: 'DELETE', path: '/Users/{{id}}', headers: ENTRA },
      expect: { status: 404, body: { status: '404' } },
    },
  ],
};
