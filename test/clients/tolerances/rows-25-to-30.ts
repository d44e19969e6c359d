import { BARE, BARE_WRITE } from '../headers.ts';
import { LIST, PATCH_OP, USER } from '../urns.ts';
import { answered, get, patch, search, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const AUTHORIZED = { Authorization: 'Bearer {{token}}' };
const CONTENT_TYPES = [
  'application/scim+json',
  'application/scim+json; charset=utf-8',
  'application/scim+json;charset=UTF-8',
  'application/json',
  'application/json; charset=utf-8',
];
const NEW_USER = { schemas: [USER], userName: 'new' };
const RENAMED = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'userName', value: 'new' }] };

/** Media types, tokens, errors, lists. */
export const ROWS_25_TO_30: readonly Tolerance[] = [
  {
    row: 25,
    title: 'both media types, with and without charset, also where there is no body',
    cases: CONTENT_TYPES.flatMap((type) => {
      const headers = { ...AUTHORIZED, 'Content-Type': type };
      return [
        { step: answered({ method: 'POST', path: '/Users', headers, body: NEW_USER }, 201) },
        { step: answered({ method: 'PUT', path: USER_1, headers, body: NEW_USER }, 200) },
        { step: answered({ method: 'PATCH', path: USER_1, headers, body: RENAMED }, 200) },
        { step: answered({ method: 'GET', path: USER_1, headers }, 200) },
        { step: answered({ method: 'DELETE', path: THE_GROUP, headers }, 204) },
        { step: answered({ method: 'DELETE', path: USER_1, headers: { ...headers, 'Content-Length': '0' } }, 204) },
      ];
    }),
  },
  {
    row: 26,
    title: 'any Accept, or none, and no User-Agent',
    cases: [
      ...['*/*', 'application/json', 'application/scim+json', 'application/scim+json; charset=utf-8', 'text/html'].map(
        (Accept) => ({ step: get(USER_1, { id: '{{user1}}' }, { ...AUTHORIZED, Accept }) }),
      ),
      { step: get(USER_1, { id: '{{user1}}' }, AUTHORIZED) },
      {
        step: answered(
          { method: 'POST', path: '/Users', headers: { ...BARE_WRITE, Accept: 'application/xml' }, body: NEW_USER },
          201,
        ),
      },
    ],
  },
  {
    row: 27,
    title: '401 in SCIM form; a raw token without Bearer',
    cases: [
      { step: answered({ method: 'GET', path: '/Users', headers: {} }, 401, { status: '401' }) },
      {
        step: answered({ method: 'GET', path: '/Users', headers: { Authorization: 'Bearer wrong' } }, 401, {
          status: '401',
        }),
      },
      {
        step: answered({ method: 'GET', path: '/Groups', headers: { Authorization: 'non-token' } }, 401, {
          status: '401',
        }),
      },
      { step: get('/Users', { totalResults: 2 }, { Authorization: 'bearer {{token}}' }) },
      {
        step: get('/Users', { totalResults: 2 }, { Authorization: '{{token}}' }),
        quirk: 'rawToken',
        strictly: { status: 401 },
      },
    ],
  },
  {
    row: 28,
    title: 'errors: status as text, a detail, a scimType where the RFC has one',
    cases: [
      { step: answered({ method: 'GET', path: '/Users/nobody', headers: BARE }, 404, { status: '404' }) },
      { step: answered({ method: 'GET', path: '/Nothing', headers: BARE }, 404, { status: '404' }) },
      {
        step: answered({ method: 'GET', path: '/Users?filter=userName%20zz%20%22a%22', headers: BARE }, 400, {
          status: '400',
          scimType: 'invalidFilter',
        }),
      },
      {
        step: answered({ method: 'POST', path: '/Users', headers: BARE_WRITE, text: '{' }, 400, {
          status: '400',
          scimType: 'invalidSyntax',
        }),
      },
      {
        step: answered({ method: 'POST', path: '/Users', headers: BARE_WRITE, body: { schemas: [USER] } }, 400, {
          status: '400',
          scimType: 'invalidValue',
        }),
      },
      {
        step: answered(
          {
            method: 'POST',
            path: '/Users',
            headers: BARE_WRITE,
            body: { ...NEW_USER, userName: 'person1@example.com' },
          },
          409,
          { status: '409', scimType: 'uniqueness' },
        ),
      },
    ],
  },
  {
    row: 29,
    title: 'lists: integers, startIndex as asked for, Resources also when empty, count clamped, a stable order',
    cases: [
      {
        step: get('/Users', {
          schemas: [LIST],
          totalResults: 2,
          startIndex: 1,
          itemsPerPage: 2,
          Resources: { $length: 2 },
        }),
      },
      { step: get('/Users?startIndex=2&count=1', { totalResults: 2, startIndex: 2, itemsPerPage: 1 }) },
      { step: get('/Users?startIndex=7', { totalResults: 2, startIndex: 7, itemsPerPage: 0, Resources: [] }) },
      { step: get('/Users?startIndex=0', { startIndex: 1, itemsPerPage: 2 }) },
      { step: get('/Users?startIndex=-3', { startIndex: 1, itemsPerPage: 2 }) },
      { step: get('/Users?count=0', { totalResults: 2, itemsPerPage: 0, Resources: [] }) },
      { step: get('/Users?count=-1', { totalResults: 2, itemsPerPage: 0, Resources: [] }) },
      { step: get('/Users?count=100000', { totalResults: 2, itemsPerPage: 2 }) },
      { step: search('/Users', 'userName eq "nobody"', 0) },
      {
        before: [
          { ...get('/Users?count=100', {}), save: { order: 'Resources.*.id' } },
          patch(USER_1, [{ op: 'replace', path: 'nickName', value: 'N' }], {}),
        ],
        step: {
          ...get('/Users?count=1', { Resources: { $length: 1, $each: { id: { $oneOf: '{{order}}' } } } }),
          save: { first: 'Resources.0.id' },
          expect: { status: 200, state: [{ path: '/Users', body: { Resources: [{ id: '{{first}}' }, {}] } }] },
        },
      },
    ],
  },
  {
    row: 30,
    title: 'startIndex without count, count without startIndex',
    cases: [
      { step: get('/Users?startIndex=2', { totalResults: 2, startIndex: 2, itemsPerPage: 1 }) },
      { step: get('/Users?count=1', { totalResults: 2, startIndex: 1, itemsPerPage: 1 }) },
      ...['count', 'startIndex', 'sortBy', 'sortOrder', 'attributes', 'excludedAttributes'].map((name) => ({
        step: get(`/Users?${name}=`, { totalResults: 2, startIndex: 1, itemsPerPage: 2 }),
        quirk: 'emptyStringIsNull' as const,
        strictly: { status: 400, scimType: 'invalidValue' } as const,
      })),
      { step: answered({ method: 'GET', path: '/Users?filter=', headers: BARE }, 400, { scimType: 'invalidFilter' }) },
      { step: get('/Users?aadOptscim062020=', { totalResults: 2 }) },
    ],
  },
];
