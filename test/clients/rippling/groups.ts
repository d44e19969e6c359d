import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { CHANGED, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(BARE, BARE_WRITE);
const GROUP_PATH = '/Groups/{{group}}';

export const sequence: Sequence = {
  title: 'Rippling: groups with "create & delete groups", "use PATCH to edit groups" and "supports pagination" ticked',
  source: 'integration guides of WorkOS and Kombo for Rippling',
  steps: [
    people(2),
    // spec/clients.md §11: the options of the integration.
    get('the groups, paged', '/Groups?startIndex=1&count=100', NOBODY),
    post(
      'created',
      '/Groups',
      { schemas: [GROUP], displayName: 'Full time' },
      { status: 201 },
      { save: { group: 'id' } },
    ),
    post(
      'created again after a lost answer',
      '/Groups',
      { schemas: [GROUP], displayName: 'Full time' },
      {
        status: 409,
        body: { scimType: 'uniqueness' },
        state: [{ path: '/Groups', body: { totalResults: 1 } }],
      },
    ),
    patch(
      'members are added',
      GROUP_PATH,
      [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }, { value: '{{user2}}' }] }],
      shows(GROUP_PATH, { members: { $length: 2 } }, CHANGED),
    ),
    patch(
      'one leaves',
      GROUP_PATH,
      [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }],
      shows(GROUP_PATH, { members: [{ value: '{{user2}}' }] }, CHANGED),
    ),
    get(
      'the groups, paged again',
      '/Groups?startIndex=1&count=100',
      found({ id: '{{group}}', members: { $length: 1 } }),
    ),
    remove('deleted', GROUP_PATH, deleted(GROUP_PATH)),
  ],
};
