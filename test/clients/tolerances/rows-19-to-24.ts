import { BARE, ENTRA } from '../headers.ts';
import { USER } from '../urns.ts';
import { answered, get, patch, post, search, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const deactivate = patch(USER_1, [{ op: 'replace', path: 'active', value: false }], { active: false });

/** Queries, addresses, names, inactive users. */
export const ROWS_19_TO_24: readonly Tolerance[] = [
  {
    row: 19,
    title: '+ is a space in the query, %2B is a plus',
    cases: [
      { step: get('/Users?filter=userName+eq+%22person1%40example.com%22', { totalResults: 1 }) },
      { step: get('/Users?filter=userName+eq+%22person1%2B%40example.com%22', { totalResults: 0 }) },
    ],
  },
  {
    row: 20,
    title: 'stray query parameters and a slash at the end',
    cases: [
      { step: get('/Users?aadOptscim062020', { totalResults: 2 }) },
      { step: get('/Users/?aadOptscim062020&unknown=1', { totalResults: 2 }) },
      { step: get('/Users/{{user1}}?AzureAdScimPatch2017', { id: '{{user1}}' }) },
      { step: get('/Users/{{user1}}/', { id: '{{user1}}' }) },
      { step: post('/Users?aadOptscim062020', { schemas: [USER], userName: 'new' }, { userName: 'new' }) },
      { step: { ...deactivate, request: { ...deactivate.request, path: `${USER_1}?aadOptscim062020` } } },
    ],
  },
  {
    row: 21,
    title: 'ids that can be none are not found',
    cases: [
      '010101001010101011001010101011',
      '00919288221112222',
      '0193f3a0-0000-7000-8000-000000000000',
      '%00',
      'a%00b',
      '%27%3B--',
      'x%2Fy',
      '%E2%80%AE',
      'null',
      'a'.repeat(600),
    ].map((id) => ({
      step: answered({ method: 'GET', path: `/Users/${id}`, headers: BARE }, 404),
    })),
  },
  {
    row: 22,
    title: 'userName is kept as sent, unique and found in any letter case; externalId is exact',
    cases: [
      {
        before: [
          post('/Users', { schemas: [USER], userName: 'MiXed@Example.com', externalId: 'aBc' }, {}, { id: 'id' }),
        ],
        step: get('/Users?filter=userName%20eq%20%22mixed@EXAMPLE.com%22', {
          Resources: [{ id: '{{id}}', userName: 'MiXed@Example.com' }],
        }),
      },
      {
        step: answered(
          {
            method: 'POST',
            path: '/Users',
            headers: { ...BARE, 'Content-Type': 'application/json' },
            body: { schemas: [USER], userName: 'PERSON1@EXAMPLE.COM' },
          },
          409,
          { scimType: 'uniqueness' },
        ),
      },
      {
        before: [post('/Users', { schemas: [USER], userName: 'other', externalId: 'aBc' }, {})],
        step: search('/Users', 'externalId eq "abc"', 0),
      },
      {
        before: [post('/Users', { schemas: [USER], userName: 'other', externalId: 'aBc' }, {})],
        step: search('/Users', 'externalId eq "aBc"', 1),
      },
    ],
  },
  {
    row: 23,
    title: 'inactive users are read, listed, found, and keep their groups',
    cases: [
      { before: [deactivate], step: get(USER_1, { active: false, groups: [{ value: '{{group}}' }] }, ENTRA) },
      { before: [deactivate], step: get('/Users', { totalResults: 2 }) },
      { before: [deactivate], step: search('/Users', 'userName eq "person1@example.com"', 1) },
      { before: [deactivate], step: get(THE_GROUP, { members: [{ value: '{{user1}}' }] }) },
    ],
  },
  {
    row: 24,
    title: 'an inactive user keeps its userName, a deleted one frees it',
    cases: [
      {
        before: [deactivate],
        step: {
          ...answered(
            {
              method: 'POST',
              path: '/Users',
              headers: { ...BARE, 'Content-Type': 'application/scim+json' },
              body: { schemas: [USER], userName: 'person1@example.com', active: true },
            },
            409,
            { scimType: 'uniqueness' },
          ),
          expect: { status: 409, body: { scimType: 'uniqueness' }, state: [{ path: USER_1, body: { active: false } }] },
        },
      },
      {
        before: [
          { title: 'deleted', request: { method: 'DELETE', path: USER_1, headers: BARE }, expect: { status: 204 } },
        ],
        step: post('/Users', { schemas: [USER], userName: 'person1@example.com' }, { id: { $noneOf: ['{{user1}}'] } }),
      },
    ],
  },
];
