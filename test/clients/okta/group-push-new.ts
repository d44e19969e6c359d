import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push: new groups, empty and filled',
  source: 'Okta developer docs, SCIM 2.0 reference: create groups; ory/polis#3136',
  steps: [
    people(2),
    {
      title: 'a new group without members',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Test SCIMv2', members: [] },
      },
      expect: {
        status: 201,
        body: {
          schemas: [GROUP],
          id: { $type: 'string' },
          displayName: 'Test SCIMv2',
          members: { $oneOf: [{ $absent: true }, []] },
          meta: { resourceType: 'Group' },
        },
      },
      save: { group: 'id' },
    },
    {
      title: 'is checked',
      request: { method: 'GET', path: '/Groups/{{group}}', headers: OKTA },
      expect: { status: 200, body: { id: '{{group}}', displayName: 'Test SCIMv2' } },
    },
    {
      title: 'a new group with its members at once',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: {
          schemas: [GROUP],
          displayName: 'Filled',
          members: [
            { value: '{{user1}}', display: 'person1@example.com' },
            { value: '{{user2}}', display: 'person2@example.com' },
          ],
        },
      },
      expect: {
        status: 201,
        body: {
          members: {
            $anyOrder: [
              { value: '{{user1}}', $ref: { $contains: '/Users/{{user1}}' }, type: 'User', display: 'Person 1' },
              { value: '{{user2}}', $ref: { $contains: '/Users/{{user2}}' }, type: 'User', display: 'Person 2' },
            ],
          },
        },
        state: [
          { path: '/Groups?startIndex=1&count=100', body: { totalResults: 2, itemsPerPage: 2 } },
          { path: '/Users/{{user1}}', body: { groups: [{ display: 'Filled', type: 'direct' }] } },
        ],
      },
    },
    {
      title: 'the same name again is a conflict',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'test scimV2', members: [] },
      },
      expect: {
        status: 409,
        body: { scimType: 'uniqueness', detail: { $contains: 'displayName' } },
        state: [{ path: '/Groups', body: { totalResults: 2 } }],
      },
    },
  ],
};
