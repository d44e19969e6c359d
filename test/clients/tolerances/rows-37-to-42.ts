import { BARE_WRITE } from '../headers.ts';
import { ENT, GROUP, LIST, USER } from '../urns.ts';
import { get, patch, post, put, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const NEW_USER = { schemas: [USER], userName: 'new' };

const canonical = (name: string) => ({
  attributes: {
    $contains: { name, subAttributes: { $contains: { name: 'type', canonicalValues: { $type: 'array' } } } },
  },
});

/** Free text, discovery, answers, speed. */
export const ROWS_37_TO_42: readonly Tolerance[] = [
  {
    row: 37,
    title: 'free text where a format might be expected, kept as sent',
    cases: [
      {
        step: post(
          '/Users',
          {
            ...NEW_USER,
            locale: 'somewhere',
            timezone: 'Mars/Olympus',
            preferredLanguage: 'Klingon, mostly',
            phoneNumbers: [{ value: 'call me', type: 'work' }],
            emails: [{ value: 'not an address', type: 'work' }],
          },
          {
            locale: 'somewhere',
            timezone: 'Mars/Olympus',
            preferredLanguage: 'Klingon, mostly',
            phoneNumbers: [{ value: 'call me', type: 'work' }],
            emails: [{ value: 'not an address', type: 'work' }],
          },
        ),
      },
      {
        step: post('/Users', { ...NEW_USER, profileUrl: 'no url' }, { profileUrl: 'no url' }),
        quirk: 'freeTextReference',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      { step: patch(USER_1, [{ op: 'add', path: 'locale', value: ' EN_us ' }], { locale: ' EN_us ' }) },
      {
        step: patch(USER_1, [{ op: 'add', path: 'profileUrl', value: 'no url' }], { profileUrl: 'no url' }),
        quirk: 'freeTextReference',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: patch(USER_1, [{ op: 'add', path: 'addresses', value: [{ type: 'work', country: 'Germany' }] }], {
          addresses: [{ type: 'work', country: 'Germany' }],
        }),
        quirk: 'countryNames',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
    ],
  },
  {
    row: 38,
    title: 'two elements of one type; a new primary takes it from the old one',
    cases: [
      {
        step: post(
          '/Users',
          {
            ...NEW_USER,
            emails: [
              { type: 'work', value: 'a', primary: true },
              { type: 'work', value: 'b', primary: false },
            ],
          },
          {
            emails: {
              $anyOrder: [
                { type: 'work', value: 'a', primary: true },
                { type: 'work', value: 'b' },
              ],
            },
          },
        ),
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: 'emails', value: [{ value: 'a', primary: true }] }], {})],
        step: patch(USER_1, [{ op: 'add', path: 'emails', value: [{ value: 'b', primary: true }] }], {
          emails: {
            $anyOrder: [
              { value: 'a', primary: { $noneOf: [true] } },
              { value: 'b', primary: true },
            ],
          },
        }),
      },
      {
        before: [
          patch(USER_1, [{ op: 'add', path: 'emails', value: [{ value: 'a', primary: true }, { value: 'b' }] }], {}),
        ],
        step: patch(USER_1, [{ op: 'replace', path: 'emails[value eq "b"].primary', value: true }], {
          emails: { $contains: { value: 'b', primary: true }, $lacks: { value: 'a', primary: true } },
        }),
      },
    ],
  },
  {
    row: 39,
    title: 'discovery is complete, document by document too, with canonical types where Entra reads them',
    cases: [
      { step: get('/ServiceProviderConfig', { patch: { supported: true }, filter: { supported: true } }) },
      { step: get('/ResourceTypes', { schemas: [LIST], totalResults: 2, Resources: { $length: 2 } }) },
      { step: get('/ResourceTypes/User', { id: 'User', endpoint: '/Users', schema: USER }) },
      { step: get('/ResourceTypes/Group', { id: 'Group', endpoint: '/Groups', schema: GROUP }) },
      {
        step: get('/Schemas', {
          schemas: [LIST],
          Resources: { $contains: { id: USER } },
        }),
      },
      { step: get('/Schemas', { Resources: { $contains: { id: ENT } } }) },
      { step: get(`/Schemas/${GROUP}`, { id: GROUP }) },
      { step: get(`/Schemas/${ENT.toLowerCase()}`, { id: ENT }) },
      ...['emails', 'phoneNumbers', 'addresses'].map((name) => ({ step: get(`/Schemas/${USER}`, canonical(name)) })),
      ...[USER, GROUP].map((urn) => ({
        step: get(`/Schemas/${urn}`, { attributes: { $contains: { name: 'externalId', caseExact: true } } }),
        quirk: 'externalIdInSchemas' as const,
        strictly: {
          instead: { status: 200, body: { attributes: { $noneOf: [{ $contains: { name: 'externalId' } }] } } },
        },
      })),
      {
        step: get(`/Schemas/${USER}`, {
          attributes: {
            $contains: {
              name: 'roles',
              subAttributes: { $contains: { name: 'type', canonicalValues: { $absent: true } } },
            },
          },
        }),
      },
    ],
  },
  {
    row: 40,
    title: 'bulk.maxOperations is a positive integer',
    cases: [
      {
        step: get('/ServiceProviderConfig', {
          bulk: { supported: { $type: 'boolean' }, maxOperations: { $type: 'integer', $noneOf: [0, -1] } },
        }),
      },
    ],
  },
  {
    row: 41,
    title: 'PATCH answers with the resource; POST and PUT always do, with the id',
    cases: [
      { step: post('/Users', NEW_USER, { id: { $type: 'string' }, userName: 'new' }) },
      { step: post('/Groups', { schemas: [GROUP], displayName: 'New' }, { id: { $type: 'string' } }) },
      { step: put(THE_GROUP, { schemas: [GROUP], displayName: 'New' }, { id: '{{group}}', displayName: 'New' }) },
      ...[USER_1, THE_GROUP].map((path) => {
        const step = patch(path, [{ op: 'replace', path: 'displayName', value: 'New' }], { displayName: 'New' });
        return { step: { ...step, expect: { ...step.expect, body: { displayName: 'New', id: { $type: 'string' } } } } };
      }),
    ],
  },
  {
    row: 42,
    title: 'no 429 at 25 requests a second; groups listed within 600 ms, writes within 1.5 s',
    cases: [
      { step: { ...get('/Groups', { totalResults: 1 }), times: 30, expect: { status: 200, within: 600 } } },
      {
        step: {
          title: 'a write',
          request: { method: 'POST', path: '/Users', headers: BARE_WRITE, body: { ...NEW_USER, userName: 'n{{n}}' } },
          times: 10,
          expect: { status: 201, within: 1500 },
        },
      },
    ],
  },
];
