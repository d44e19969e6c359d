import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push: unlink and delete in the app',
  source: 'Okta developer docs, SCIM 2.0 reference: delete a group',
  steps: [
    people(1),
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{user1}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'is deleted, with a content type and no body',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: OKTA },
      expect: {
        status: 204,
        state: [
          { path: '/Groups/{{group}}', status: 404 },
          { path: '/Groups', body: { totalResults: 0 } },
          { path: '/Users/{{user1}}', body: { groups: { $absent: true } } },
        ],
      },
    },
    {
      title: 'is deleted again',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: OKTA },
      expect: { status: 404, body: { status: '404' } },
    },
    {
      title: 'its name is free again',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [] },
      },
      expect: { status: 201, body: { id: { $noneOf: ['{{group}}'] }, members: { $absent: true } } },
    },
  ],
};
