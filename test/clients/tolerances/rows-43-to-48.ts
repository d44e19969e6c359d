import { BARE, BARE_WRITE } from '../headers.ts';
import { ENT, GROUP, USER } from '../urns.ts';
import { answered, get, patch, post, put, search, type Tolerance, USER_1 } from './tolerance.ts';

const NEW_USER = { schemas: [USER], userName: 'new' };

/** User names that hold what means something in a filter or in SQL. */
const SPECIAL = ["o'hara", 'a+b@c', 'say "hi"', 'a|b', '100%', 'a_b', 'a\\b', 'a%27b', 'a*b', 'ünï', "x') or ('1'='1"];
/** What a special character would find, were it a wildcard. */
const DECOYS = ['oXhara', 'a b@c', 'aXb', '100X', "a'b"];

/** Uniqueness, identifiers, numbers, passwords, special characters. */
export const ROWS_43_TO_48: readonly Tolerance[] = [
  {
    row: 43,
    title: 'a create repeated, and one sent four times at once, makes one user',
    cases: [
      {
        before: [post('/Users', NEW_USER, {})],
        step: {
          ...answered({ method: 'POST', path: '/Users', headers: BARE_WRITE, body: NEW_USER }, 409),
          expect: { status: 409, state: [{ path: '/Users', body: { totalResults: 3 } }] },
        },
      },
      {
        step: { ...post('/Users', NEW_USER, {}), expect: { state: [{ path: '/Users', body: { totalResults: 3 } }] } },
        race: [201, 409, 409, 409],
      },
      {
        step: post('/Groups', { schemas: [GROUP], displayName: 'New' }, {}),
        race: [201, 409, 409, 409],
      },
    ],
  },
  {
    row: 44,
    title: 'displayName of a group is unique, whatever the letter case',
    cases: [
      {
        step: answered(
          {
            method: 'POST',
            path: '/Groups',
            headers: BARE_WRITE,
            body: { schemas: [GROUP], displayName: 'ENGINEERS' },
          },
          409,
          { scimType: 'uniqueness' },
        ),
      },
      {
        before: [post('/Groups', { schemas: [GROUP], displayName: 'Other' }, {}, { other: 'id' })],
        step: {
          ...answered(
            {
              method: 'PUT',
              path: '/Groups/{{other}}',
              headers: BARE_WRITE,
              body: { schemas: [GROUP], displayName: 'engineers' },
            },
            409,
          ),
          expect: { status: 409, state: [{ path: '/Groups/{{other}}', body: { displayName: 'Other' } }] },
        },
      },
    ],
  },
  {
    row: 45,
    title: 'URIs without underscore, ids without "bulkId"',
    cases: [
      {
        step: get('/Users', {
          Resources: { $each: { id: { $lacks: 'bulkId' }, meta: { location: { $lacks: '_' } } } },
        }),
      },
    ],
  },
  {
    row: 46,
    title: 'numbers where text is expected are taken as text',
    cases: [
      {
        step: post(
          '/Users',
          { schemas: [USER, ENT], userName: 'new', [ENT]: { employeeNumber: 701984 } },
          {
            [ENT]: { employeeNumber: '701984' },
          },
        ),
        quirk: 'numbersAsStrings',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: patch(USER_1, [{ op: 'replace', value: { externalId: 42, addresses: [{ postalCode: 94105 }] } }], {
          externalId: '42',
          addresses: [{ postalCode: '94105' }],
        }),
        quirk: 'numbersAsStrings',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
    ],
  },
  {
    row: 47,
    title: 'a password is taken and never shown',
    cases: [
      { step: post('/Users', { ...NEW_USER, password: 'Tr0ub4dor' }, { password: { $absent: true } }) },
      {
        step: patch(`${USER_1}?attributes=password,userName`, [{ op: 'replace', path: 'password', value: 'x' }], {
          password: { $absent: true },
        }),
      },
      {
        step: put(
          USER_1,
          { schemas: [USER], userName: 'person1@example.com', password: 'x' },
          { password: { $absent: true } },
        ),
      },
    ],
  },
  {
    row: 48,
    title: 'special characters in a filter value are data',
    cases: [
      ...SPECIAL.map((userName) => ({
        before: [...DECOYS, userName].map((name) => post('/Users', { schemas: [USER], userName: name }, {})),
        step: search('/Users', `userName eq ${JSON.stringify(userName)}`, 1),
      })),
      ...['%', '_', '*'].map((wildcard) => ({ step: search('/Users', `userName co "${wildcard}"`, 0) })),
      {
        before: [post('/Users', { schemas: [USER], userName: 'CORP\\kdoe' }, {})],
        step: search('/Users', 'userName eq "CORP\\kdoe"', 1),
        quirk: 'rawBackslash',
        strictly: { status: 400, scimType: 'invalidFilter' },
      },
      { step: get("/Users?filter=userName%20eq%20%22x'%20or%20'1'='1%22", { totalResults: 0 }, BARE) },
    ],
  },
];
