import { PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'OneLogin: plain JSON throughout, PUT with nulls, groups by PATCH',
  source: 'developers.onelogin.com, implement a SCIM API',
  steps: [
    {
      title: 'connection test',
      request: { method: 'GET', path: '/Users?filter=userName%20eq%20%22nobody%40example.com%22', headers: PLAIN_JSON },
      expect: { status: 200, body: { totalResults: 0 } },
    },
    {
      title: 'create',
      request: {
        method: 'POST',
        path: '/Users',
        headers: PLAIN_JSON,
        body: {
          schemas: [USER],
          userName: 'ada@example.com',
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          title: 'Analyst',
          active: true,
        },
      },
      expect: { status: 201 },
      save: { user: 'id' },
    },
    {
      title: 'update by PUT, null for what is unset',
      request: {
        method: 'PUT',
        path: '/Users/{{user}}',
        headers: PLAIN_JSON,
        body: {
          schemas: [USER],
          userName: 'ada@example.com',
          name: { givenName: 'Ada', familyName: 'King', middleName: null },
          title: null,
          phoneNumbers: null,
          emails: [{ value: 'ada@example.com', type: 'work', primary: true, display: null }],
          active: true,
        },
      },
      expect: {
        status: 200,
        body: {
          title: { $absent: true },
          phoneNumbers: { $absent: true },
          name: { $equals: { givenName: 'Ada', familyName: 'King' } },
          emails: [{ $equals: { value: 'ada@example.com', type: 'work', primary: true } }],
        },
      },
    },
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: PLAIN_JSON,
        body: { schemas: [GROUP], displayName: 'Rules', members: [] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'gets a member',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: PLAIN_JSON,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value: [{ value: '{{user}}' }] }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $length: 1 } } }] },
    },
    {
      title: 'delete',
      request: { method: 'DELETE', path: '/Users/{{user}}', headers: PLAIN_JSON },
      expect: { status: 204, state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }] },
    },
  ],
};
