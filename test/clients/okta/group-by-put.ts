import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push by PUT, as apps of the integration wizard do it',
  source: 'Okta developer docs, SCIM 2.0 reference: update a group (PUT); simpleidserver#247',
  steps: [
    people(3),
    {
      title: 'a group of the first',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: {
          schemas: [GROUP],
          displayName: 'Engineers',
          members: [{ value: '{{user1}}', display: 'person1@example.com' }],
        },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'is renamed and gets other members; the id is in the body',
      request: {
        method: 'PUT',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [GROUP],
          id: '{{group}}',
          displayName: 'Builders',
          members: [
            { value: '{{user2}}', display: 'person2@example.com' },
            { value: '{{user3}}', display: 'person3@example.com' },
          ],
        },
      },
      expect: {
        status: 200,
        body: { id: '{{group}}', displayName: 'Builders' },
        state: [
          {
            path: '/Groups/{{group}}',
            body: { displayName: 'Builders', members: { $anyOrder: [{ value: '{{user2}}' }, { value: '{{user3}}' }] } },
          },
          { path: '/Users/{{user1}}', body: { groups: { $absent: true } } },
        ],
      },
    },
    {
      title: 'a body without id and with an empty members array empties it',
      request: {
        method: 'PUT',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Builders', members: [] },
      },
      expect: { status: 200, state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }] },
    },
  ],
};
