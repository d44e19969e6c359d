import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'password sync: taken, never shown',
  source: 'Okta developer docs, SCIM 2.0 reference: password in create, PATCH and PUT',
  steps: [
    {
      title: 'a user with a password',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: {
          schemas: [USER],
          userName: 'ada@okta.local',
          name: { givenName: 'Ada' },
          password: '1mz050nq',
          active: true,
        },
      },
      expect: { status: 201, body: { password: { $absent: true } } },
      save: { id: 'id' },
    },
    {
      title: 'gets another by PATCH without path',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { password: 'b9Xq-8842' } }] },
      },
      expect: {
        status: 200,
        body: { id: '{{id}}', password: { $absent: true }, active: true },
        state: [
          { path: '/Users/{{id}}', body: { password: { $absent: true }, name: { givenName: 'Ada' } } },
          { path: '/Users/{{id}}?attributes=password', body: { password: { $absent: true } } },
        ],
      },
      save: { user: '' },
    },
    {
      title: 'gets another by PUT',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { $fetched: 'user', password: 'Zu7-hasP!' },
      },
      expect: {
        status: 200,
        body: { password: { $absent: true }, userName: 'ada@okta.local' },
        state: [{ path: '/Users?count=10', body: { Resources: { $each: { password: { $absent: true } } } } }],
      },
    },
    {
      title: 'a filter can not guess it',
      request: { method: 'GET', path: '/Users?filter=password%20sw%20%22Zu7%22', headers: OKTA },
      expect: { status: [400, 403], body: { Resources: { $absent: true } } },
    },
  ],
};
