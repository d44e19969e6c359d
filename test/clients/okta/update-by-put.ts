import { BARE_WRITE, OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'update of a user: GET, then PUT of what was fetched',
  source: 'Okta developer docs, SCIM 2.0 reference: update a specific user (PUT); ory/polis#3136',
  steps: [
    {
      title: 'a user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: {
          schemas: [USER],
          userName: 'ada@okta.local',
          name: { givenName: 'Ada', familyName: 'Byron' },
          emails: [{ primary: true, value: 'ada@okta.local', type: 'work' }],
          displayName: 'Ada Byron',
          locale: 'en-US',
          externalId: '00u1',
          groups: [],
          password: 'kj4hK2h5',
          active: true,
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'in a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{id}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'the user is read with its group',
      request: { method: 'GET', path: '/Users/{{id}}', headers: OKTA },
      expect: {
        status: 200,
        body: {
          groups: [{ value: '{{group}}', display: 'Engineers', type: 'direct' }],
          meta: { version: { $type: 'string' } },
        },
      },
      save: { user: '' },
    },
    {
      title: 'and written back changed: id, meta and an empty groups array are echoes, middleName "" is nothing',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: {
          $fetched: 'user',
          groups: [],
          name: { givenName: 'Ada', middleName: '', familyName: 'Lovelace' },
          displayName: 'Ada Lovelace',
        },
      },
      expect: {
        status: 200,
        body: {
          id: '{{id}}',
          userName: 'ada@okta.local',
          name: { $equals: { givenName: 'Ada', familyName: 'Lovelace' } },
          displayName: 'Ada Lovelace',
          locale: 'en-US',
          externalId: '00u1',
          emails: [{ primary: true, value: 'ada@okta.local', type: 'work' }],
          meta: { resourceType: 'User', location: { $contains: '/Users/{{id}}' } },
          active: true,
        },
        state: [
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{id}}' }] } },
          { path: '/Users/{{id}}', body: { groups: [{ value: '{{group}}' }], name: { familyName: 'Lovelace' } } },
        ],
      },
    },
    {
      title: 'a filled groups array does not put the user into a group either',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { $fetched: 'user', groups: [{ value: '00000000-0000-7000-8000-000000000000', display: 'Admins' }] },
      },
      expect: { status: 200, state: [{ path: '/Users/{{id}}', body: { groups: [{ value: '{{group}}' }] } }] },
    },
    {
      title: 'a PUT for an id that is not there',
      request: {
        method: 'PUT',
        path: '/Users/0193f3a0-0000-7000-8000-000000000000',
        headers: OKTA,
        body: { $fetched: 'user', userName: 'somebody.else@okta.local' },
      },
      expect: { status: 404, body: { status: '404' }, state: [{ path: '/Users', body: { totalResults: 1 } }] },
    },
  ],
};
