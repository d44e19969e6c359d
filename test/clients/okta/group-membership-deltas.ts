import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push: removals by value path and additions in one PATCH',
  source: 'Okta developer docs, SCIM 2.0 reference: update specific group membership; SCIM-SDK#419',
  steps: [
    people(3),
    {
      title: 'a group of the first',
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
      title: 'the first goes, the second and the third come; members carry no type',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'remove', path: 'members[value eq "{{user1}}"]' },
            {
              op: 'add',
              path: 'members',
              value: [
                { value: '{{user2}}', display: 'person2@example.com' },
                { value: '{{user3}}', display: 'person3@example.com' },
              ],
            },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [
          {
            path: '/Groups/{{group}}',
            body: { members: { $anyOrder: [{ value: '{{user2}}', type: 'User' }, { value: '{{user3}}' }] } },
          },
          { path: '/Users/{{user1}}', body: { groups: { $absent: true } } },
          { path: '/Users/{{user2}}', body: { groups: [{ value: '{{group}}', type: 'direct' }] } },
        ],
      },
    },
    {
      title: 'a rename and the same addition again: no member twice',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', value: { id: '{{group}}', displayName: 'Engineers' } },
            { op: 'add', path: 'members', value: [{ value: '{{user2}}', display: 'person2@example.com' }] },
          ],
        },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $length: 2 } } }] },
    },
    {
      title: 'removal of one who is no member succeeds without effect',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $length: 2 } } }] },
    },
    {
      title: 'the last ones go',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'remove', path: 'members[value eq "{{user2}}"]' },
            { op: 'remove', path: 'members[value eq "{{user3}}"]' },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { displayName: 'Engineers', members: { $absent: true } } }],
      },
    },
  ],
};
