import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, PATCH_OP, USER } from '../urns.ts';

const VERBOSE: [string, string | boolean][] = [
  ['displayName', 'display'],
  ['nickName', 'nick'],
  ['title', 'title'],
  ['userType', 'type'],
  ['preferredLanguage', 'sv-SE'],
  ['locale', 'somewhere'],
  ['timezone', 'some time'],
  ['profileUrl', 'no url'],
  ['active', false],
  ['name.formatted', 'formatted'],
  ['name.familyName', 'family'],
  ['name.givenName', 'given'],
  ['name.middleName', 'middle'],
  ['name.honorificPrefix', 'prefix'],
  ['name.honorificSuffix', 'suffix'],
  ['emails[type eq "work"].value', 'work'],
  ['emails[type eq "work"].primary', true],
  ['emails[type eq "home"].value', 'home'],
  ['phoneNumbers[type eq "work"].value', '1'],
  ['phoneNumbers[type eq "mobile"].value', '1'],
  ['phoneNumbers[type eq "fax"].value', '1'],
  ['phoneNumbers[type eq "work"].primary', true],
  ['addresses[type eq "work"].formatted', 'address'],
  ['addresses[type eq "work"].streetAddress', 'street'],
  ['addresses[type eq "work"].locality', 'locality'],
  ['addresses[type eq "work"].region', 'region'],
  ['addresses[type eq "work"].postalCode', 'code'],
  ['addresses[type eq "work"].country', 'country'],
  ['addresses[type eq "work"].primary', true],
  [`${ENT}:employeeNumber`, 'number'],
  [`${ENT}:department`, 'department'],
  [`${ENT}:costCenter`, 'cost'],
  [`${ENT}:organization`, 'organization'],
  [`${ENT}:division`, 'division'],
  [`${ENT}:manager`, 'manager'],
];

const AFTER = {
  userName: 'patch@contoso.example',
  displayName: 'display',
  nickName: 'nick',
  title: 'title',
  userType: 'type',
  preferredLanguage: 'sv-SE',
  locale: 'somewhere',
  timezone: 'some time',
  profileUrl: 'no url',
  active: false,
  name: {
    formatted: 'formatted',
    familyName: 'family',
    givenName: 'given',
    middleName: 'middle',
    honorificPrefix: 'prefix',
    honorificSuffix: 'suffix',
  },
  emails: {
    $anyOrder: [
      { type: 'work', value: 'work', primary: true },
      { type: 'home', value: 'home' },
    ],
  },
  phoneNumbers: {
    $anyOrder: [
      { type: 'work', value: '1', primary: true },
      { type: 'mobile', value: '1' },
      { type: 'fax', value: '1' },
    ],
  },
  addresses: [
    {
      $equals: {
        type: 'work',
        formatted: 'address',
        streetAddress: 'street',
        locality: 'locality',
        region: 'region',
        postalCode: 'code',
        country: 'country',
        primary: true,
      },
    },
  ],
  [ENT]: {
    employeeNumber: 'number',
    department: 'department',
    costCenter: 'cost',
    organization: 'organization',
    division: 'division',
    manager: { value: 'manager' },
  },
};

const ROLES: [string, string | boolean][] = [
  ['roles[primary eq "True"].display', 'shown'],
  ['roles[primary eq "True"].value', 'valued'],
  ['roles[primary eq "True"].type', 'typed'],
];

const operations = (op: string, pairs: [string, string | boolean][]) =>
  pairs.map(([path, value]) => ({ op, path, value }));

function patch(title: string, Operations: ReturnType<typeof operations>) {
  return {
    title,
    request: {
      method: 'PATCH' as const,
      path: '/Users/{{id}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations },
    },
  };
}

const create = (userName: string) => ({
  title: 'a user of userName only',
  request: {
    method: 'POST' as const,
    path: '/Users',
    headers: ENTRA_WRITE,
    body: { schemas: [USER, ENT], userName },
  },
  expect: { status: 201 },
  save: { id: 'id' },
});

export const sequence: Sequence = {
  title: 'SCIM Validator: PATCH verbose, compact and additive',
  source: 'pranems/SCIMServer, captured traffic of scimvalidator.microsoft.com',
  steps: [
    create('patch@contoso.example'),
    {
      ...patch('every attribute is replaced, each by its own operation', operations('replace', VERBOSE)),
      expect: { status: 200, body: AFTER, state: [{ path: '/Users/{{id}}', body: AFTER }] },
    },
    {
      ...patch('the element of a role that is not there is made', operations('replace', ROLES)),
      only: 'rfc',
      expect: {
        status: 200,
        body: { roles: [{ $equals: { primary: true, display: 'shown', value: 'valued', type: 'typed' } }] },
      },
    },
    {
      ...patch('the label of a role is nothing that a closed set of roles keeps', [
        { op: 'replace', path: 'roles[primary eq "True"].display', value: 'shown' },
        { op: 'replace', path: 'roles.admin', value: 'True' },
      ]),
      only: 'role-object',
      expect: { status: 200, body: { roles: { $equals: { admin: true, member: true, editor: false } } } },
    },
    {
      ...patch('several operations on one attribute go in order', [
        { op: 'replace', path: 'displayName', value: 'first' },
        { op: 'replace', path: 'displayName', value: 'second' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'third' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'fourth' },
      ]),
      expect: {
        status: 200,
        body: { displayName: 'second', emails: { $length: 2, $contains: { type: 'work', value: 'fourth' } } },
      },
    },
    {
      title: 'compact: the user name without path',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { userName: 'renamed@contoso.example' } }] },
      },
      expect: {
        status: 200,
        body: { userName: 'renamed@contoso.example' },
        state: [
          {
            path: '/Users?filter=userName+eq+%22renamed%40contoso.example%22',
            body: { Resources: [{ id: '{{id}}' }] },
          },
          { path: '/Users?filter=userName+eq+%22patch%40contoso.example%22', body: { totalResults: 0 } },
        ],
      },
    },
    create('patch@contoso.example'),
    {
      ...patch('every attribute is added', operations('add', VERBOSE)),
      expect: { status: 200, state: [{ path: '/Users/{{id}}', body: AFTER }] },
    },
    {
      title: 'disabled, as a filter shows too',
      request: { method: 'GET', path: '/Users?filter=userName+eq+%22patch%40contoso.example%22', headers: ENTRA },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ active: false }] } },
    },
  ],
};
