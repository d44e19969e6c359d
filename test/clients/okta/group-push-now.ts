import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

const push = (...users: string[]) => ({
  schemas: [PATCH_OP],
  Operations: [
    { op: 'replace', path: 'members', value: users.map((user) => ({ value: user, display: `${user}@example.com` })) },
  ],
});

export const sequence: Sequence = {
  title: 'group push: "push now" replaces the members, an empty push leaves none',
  source: 'Okta developer docs, SCIM 2.0 reference: replace group members; SCIM-SDK#757',
  steps: [
    people(3),
    {
      title: 'a group of the first and the second',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{user1}}' }, { value: '{{user2}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'becomes one of the second and the third',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: push('{{user2}}', '{{user3}}') },
      expect: {
        status: [200, 204],
        state: [
          {
            path: '/Groups/{{group}}',
            body: { members: { $anyOrder: [{ value: '{{user2}}' }, { value: '{{user3}}' }] } },
          },
          { path: '/Users/{{user1}}', body: { groups: { $absent: true } } },
        ],
      },
      save: { version: 'meta.version' },
    },
    {
      title: 'the same push again changes nothing',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: push('{{user3}}', '{{user2}}') },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { meta: { version: '{{version}}' }, members: { $length: 2 } } }],
      },
    },
    {
      title: 'an empty push',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: push() },
      expect: {
        status: [200, 204],
        state: [
          { path: '/Groups/{{group}}', body: { displayName: 'Engineers', members: { $absent: true } } },
          { path: '/Users/{{user2}}', body: { groups: { $absent: true } } },
        ],
      },
    },
  ],
};
