import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { USER } from '../urns.ts';

const PROBE = '/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100';

const NEW_USER = {
  schemas: [USER],
  userName: 'test.user@okta.local',
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
};

export const sequence: Sequence = {
  title: 'assignment of a user that the app does not have',
  source: 'Okta developer docs, SCIM 2.0 reference: create users',
  steps: [
    {
      title: 'the probe finds nobody',
      request: { method: 'GET', path: PROBE, headers: OKTA },
      expect: { status: 200, body: { totalResults: 0 } },
    },
    {
      title: 'the user is created, with a password and an empty groups array',
      request: { method: 'POST', path: '/Users', headers: OKTA, body: NEW_USER },
      expect: {
        status: 201,
        body: {
          schemas: [USER],
          id: { $type: 'string' },
          userName: 'test.user@okta.local',
          name: { givenName: 'Test', familyName: 'User' },
          emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
          displayName: 'Test User',
          locale: 'en-US',
          externalId: '00ujl29u0le5T6Aj10h7',
          active: true,
          groups: { $oneOf: [{ $absent: true }, []] },
          meta: { resourceType: 'User', created: { $type: 'string' }, lastModified: { $type: 'string' } },
        },
      },
      under: {
        rfc: { body: { roles: { $absent: true } } },
        'role-object': { body: { roles: { $equals: { admin: false, member: true, editor: false } } } },
      },
      save: { id: 'id' },
    },
    {
      title: 'the user is verified by the id that Okta keeps',
      request: { method: 'GET', path: '/Users/{{id}}', headers: OKTA },
      expect: { status: 200, body: { id: '{{id}}', userName: 'test.user@okta.local', active: true } },
      under: {
        rfc: { state: [{ path: '/Users/00ujl29u0le5T6Aj10h7', status: 404 }] },
        'role-object': { state: [{ path: '/Users/00ujl29u0le5T6Aj10h7', body: { id: '{{id}}' } }] },
      },
    },
    {
      title: 'the probe finds the user now',
      request: { method: 'GET', path: PROBE, headers: OKTA },
      expect: {
        status: 200,
        body: { totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [{ id: '{{id}}', active: true }] },
      },
    },
    {
      title: 'the same create again is a conflict that an administrator can read',
      request: { method: 'POST', path: '/Users', headers: OKTA, body: NEW_USER },
      expect: {
        status: 409,
        body: { status: '409', scimType: 'uniqueness', detail: { $contains: 'userName' } },
        state: [{ path: '/Users', body: { totalResults: 1 } }],
      },
    },
  ],
};
