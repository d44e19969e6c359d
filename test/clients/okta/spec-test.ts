import { OKTA_SPEC_GET, OKTA_SPEC_POST } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { LIST, USER } from '../urns.ts';

const COMPLETE = {
  id: { $type: 'string' },
  name: { familyName: { $type: 'string' }, givenName: { $type: 'string' } },
  userName: { $type: 'string' },
  active: { $type: 'boolean' },
};

const RANDOM_USER = {
  schemas: [USER],
  userName: 'Runscope300Kqzzbw@atko.com',
  name: { givenName: 'Runscope', familyName: 'Kqzzbw' },
  emails: [{ primary: true, value: 'Runscope300Kqzzbw@atko.com', type: 'work' }],
  displayName: 'Runscope Kqzzbw',
  active: true,
};

export const sequence: Sequence = {
  title: 'the SCIM 2.0 SPEC test that Okta asks of an integration',
  source: 'okta/okta-developer-docs, Okta-SCIM-20-SPEC-Test.json of May 2024',
  steps: [
    {
      title: 'a user must exist before the run',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA_SPEC_POST,
        body: {
          schemas: [USER],
          userName: 'first@atko.com',
          name: { givenName: 'First', familyName: 'User' },
          emails: [{ primary: true, value: 'first@atko.com', type: 'work' }],
          active: true,
        },
      },
      expect: { status: 201 },
    },
    {
      title: '1 the Users endpoint',
      request: { method: 'GET', path: '/Users?count=1&startIndex=1', headers: OKTA_SPEC_GET },
      expect: {
        status: 200,
        body: {
          schemas: { $contains: LIST },
          itemsPerPage: { $type: 'integer' },
          startIndex: { $type: 'integer' },
          totalResults: { $type: 'integer' },
          Resources: { $length: 1, $each: { ...COMPLETE, emails: { $contains: { value: { $type: 'string' } } } } },
        },
      },
      save: { firstId: 'Resources.0.id' },
    },
    {
      title: '2 one user',
      request: { method: 'GET', path: '/Users/{{firstId}}', headers: OKTA_SPEC_GET },
      expect: { status: 200, body: { ...COMPLETE, id: '{{firstId}}', emails: [{ value: { $type: 'string' } }] } },
    },
    {
      title: '3 a made-up user name',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%22abcdefgh@atko.com%22',
        headers: OKTA_SPEC_GET,
      },
      expect: { status: 200, body: { schemas: { $contains: LIST }, totalResults: 0 } },
    },
    {
      title: '4 a made-up id',
      request: { method: 'GET', path: '/Users/010101001010101011001010101011', headers: OKTA_SPEC_GET },
      expect: { status: 404, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] } },
    },
    {
      title: '5 the random user does not exist yet',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%22Runscope300Kqzzbw@atko.com%22',
        headers: OKTA_SPEC_GET,
      },
      expect: { status: 200, body: { schemas: { $contains: LIST }, totalResults: 0 } },
    },
    {
      title: '6 the random user is created',
      request: { method: 'POST', path: '/Users', headers: OKTA_SPEC_POST, body: RANDOM_USER },
      expect: {
        status: 201,
        body: {
          schemas: { $contains: USER },
          id: { $type: 'string' },
          active: true,
          name: { familyName: 'Kqzzbw', givenName: 'Runscope' },
          userName: 'Runscope300Kqzzbw@atko.com',
        },
      },
      save: { id: 'id' },
    },
    {
      title: '7 the random user is there',
      request: { method: 'GET', path: '/Users/{{id}}', headers: OKTA_SPEC_GET },
      expect: {
        status: 200,
        body: { userName: 'Runscope300Kqzzbw@atko.com', name: { familyName: 'Kqzzbw', givenName: 'Runscope' } },
      },
    },
    {
      title: '8 the same create again',
      request: { method: 'POST', path: '/Users', headers: OKTA_SPEC_POST, body: RANDOM_USER },
      expect: { status: 409, body: { scimType: 'uniqueness' } },
    },
    {
      title: '9 the user name in capitals',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%22RUNSCOPE300KQZZBW@ATKO.COM%22',
        headers: OKTA_SPEC_GET,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ userName: 'Runscope300Kqzzbw@atko.com' }] } },
    },
    {
      title: '10 the Groups endpoint',
      request: { method: 'GET', path: '/Groups', headers: OKTA_SPEC_GET },
      expect: { status: 200, within: 600, body: { totalResults: 0, Resources: { $type: 'array' } } },
    },
    {
      title: '11 no valid token',
      request: { method: 'GET', path: '/Groups', headers: { ...OKTA_SPEC_GET, Authorization: 'non-token' } },
      expect: { status: 401, body: { status: '401', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] } },
    },
    {
      title: '12 another made-up id',
      request: { method: 'GET', path: '/Users/00919288221112222', headers: OKTA_SPEC_GET },
      expect: { status: 404, body: { status: '404', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] } },
    },
  ],
};
