import { PLAIN_JSON } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, CHANGED, found, NOBODY, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(PLAIN_JSON, PLAIN_JSON);
const GROUP_PATH = '/Groups/{{group}}';

export const sequence: Sequence = {
  title: 'OneLogin: groups that rules fill',
  source: 'developers.onelogin.com, implement a SCIM API',
  steps: [
    people(2),
    // spec/clients.md §7, 3
    get('the groups to choose from', '/Groups', NOBODY),
    post(
      'created',
      '/Groups',
      { schemas: [GROUP], displayName: 'Rules', members: [] },
      { status: 201, body: { displayName: 'Rules', members: ABSENT } },
      { save: { group: 'id' } },
    ),
    get('the groups again', '/Groups', found({ id: '{{group}}', displayName: 'Rules' })),
    patch(
      'members are added',
      GROUP_PATH,
      [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }, { value: '{{user2}}' }] }],
      shows(GROUP_PATH, { members: { $length: 2 } }, CHANGED),
    ),
    patch(
      'one is removed',
      GROUP_PATH,
      [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }],
      shows(GROUP_PATH, { members: [{ value: '{{user2}}' }] }, CHANGED),
    ),
    // §7, 4: a user that is deleted leaves its groups.
    remove('the other is deleted', '/Users/{{user2}}', {
      status: 204,
      state: [{ path: GROUP_PATH, body: { displayName: 'Rules', members: ABSENT } }],
    }),
  ],
};
