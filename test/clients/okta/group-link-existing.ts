import { BARE_WRITE, OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push: a group that the app has already is linked by name',
  source: 'Okta developer docs, SCIM 2.0 reference: retrieve groups by displayName (since May 2024)',
  steps: [
    people(2),
    {
      title: 'the app has the group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'R&D / 50% + "Lab"', members: [{ value: '{{user1}}' }] },
      },
      expect: { status: 201 },
      save: { made: 'id' },
    },
    {
      title: 'Okta looks for it by name',
      request: {
        method: 'GET',
        path: '/Groups?filter=displayName%20eq%20%22R%26D%20%2F%2050%25%20%2B%20%5C%22Lab%5C%22%22&startIndex=1&count=100',
        headers: OKTA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{made}}' }] } },
      save: { group: 'Resources.0.id' },
    },
    {
      title: 'looks at it',
      request: { method: 'GET', path: '/Groups/{{group}}', headers: OKTA },
      expect: { status: 200, body: { members: [{ value: '{{user1}}' }] } },
    },
    {
      title: 'and replaces the members by its own',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', path: 'members', value: [{ value: '{{user2}}', display: 'person2@example.com' }] },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [
          { path: '/Groups/{{group}}', body: { displayName: 'R&D / 50% + "Lab"', members: [{ value: '{{user2}}' }] } },
        ],
      },
    },
    {
      title: 'a name that no group has',
      request: {
        method: 'GET',
        path: '/Groups?filter=displayName%20eq%20%22R%26D%22&startIndex=1&count=100',
        headers: OKTA,
      },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
  ],
};
