import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'deactivation and reactivation by PUT, as apps of the integration wizard do it',
  source: 'Okta developer docs, SCIM concepts: deprovision with PUT',
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
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          emails: [{ primary: true, value: 'ada@okta.local', type: 'work' }],
          displayName: 'Ada Lovelace',
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
      title: 'is read',
      request: { method: 'GET', path: '/Users/{{id}}', headers: OKTA },
      expect: { status: 200, body: { active: true } },
      save: { user: '' },
    },
    {
      title: 'is deactivated',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { $fetched: 'user', active: false },
      },
      expect: {
        status: 200,
        body: { id: '{{id}}', active: false, displayName: 'Ada Lovelace' },
        state: [{ path: '/Users/{{id}}', body: { active: false, displayName: 'Ada Lovelace', locale: 'en-US' } }],
      },
      under: {
        'role-object': { body: { roles: { $equals: { admin: false, member: true, editor: false } } } },
      },
      save: { inactive: '' },
    },
    {
      title: 'is reactivated',
      request: { method: 'PUT', path: '/Users/{{id}}', headers: OKTA, body: { $fetched: 'inactive', active: true } },
      expect: { status: 200, body: { active: true }, state: [{ path: '/Users/{{id}}', body: { active: true } }] },
    },
  ],
};
