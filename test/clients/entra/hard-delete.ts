import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'hard delete: gone everywhere, and the userName is free',
  source: 'MicrosoftDocs/entra-docs, how-provisioning-works; SCIM Validator: 204, 404, 404',
  steps: [
    people(2),
    {
      title: 'a group of two',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: ENTRA_WRITE,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{user1}}' }, { value: '{{user2}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'one is deleted',
      request: { method: 'DELETE', path: '/Users/{{user1}}', headers: ENTRA },
      expect: {
        status: 204,
        state: [
          { path: '/Users/{{user1}}', status: 404 },
          { path: '/Users', body: { totalResults: 1, Resources: [{ id: '{{user2}}' }] } },
          { path: '/Users?filter=userName+eq+%22person1%40example.com%22', body: { totalResults: 0 } },
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{user2}}' }] } },
        ],
      },
    },
    {
      title: 'is deleted again',
      request: { method: 'DELETE', path: '/Users/{{user1}}', headers: ENTRA },
      expect: { status: 404, body: { status: '404' } },
    },
    {
      title: 'comes back under the same name as somebody new',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER], userName: 'person1@example.com', active: true },
      },
      expect: { status: 201, body: { id: { $noneOf: ['{{user1}}'] }, groups: { $absent: true } } },
    },
  ],
};
