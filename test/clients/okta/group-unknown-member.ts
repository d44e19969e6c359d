import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'group push: one unknown member does not lose the others',
  source: 'fleetdm/fleet#52600: a 400 is permanent for Okta',
  steps: [
    people(2),
    {
      title: 'a new group with one unknown member',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: {
          schemas: [GROUP],
          displayName: 'Engineers',
          members: [{ value: '0193f3a0-0000-7000-8000-000000000000', display: 'gone' }, { value: '{{user1}}' }],
        },
      },
      expect: { status: 201, body: { members: [{ value: '{{user1}}' }] } },
      save: { group: 'id' },
    },
    {
      title: 'an addition with one unknown member, and one whose id is of another form',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'remove', path: 'members[value eq "00u-unknown"]' },
            {
              op: 'add',
              path: 'members',
              value: [
                { value: '0193f3a0-0000-7000-8000-000000000000', display: 'gone@example.com' },
                { value: '{{user2}}', display: 'person2@example.com' },
                { value: '00u-unknown', display: 'unknown@example.com' },
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
            body: { members: { $anyOrder: [{ value: '{{user1}}' }, { value: '{{user2}}' }] } },
          },
        ],
      },
    },
    {
      title: 'a push of the whole with one unknown member',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: OKTA,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'replace', path: 'members', value: [{ value: 'nobody' }, { value: '{{user2}}' }] }],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user2}}' }] } }],
      },
    },
  ],
};
