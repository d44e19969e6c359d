import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { CHANGED, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(BARE, BARE_WRITE);
const LOOK_UP = '/Groups?filter=displayName%20eq%20%22Engineers%22';
const GROUP_PATH = '/Groups/{{group}}';

export const sequence: Sequence = {
  title: 'JumpCloud: groups, members removed by a value array',
  source: 'jumpcloud.com/support, custom SCIM identity management integration; uni-moni knowledge base',
  steps: [
    people(3),
    // spec/clients.md §8, 2
    get('look-up', LOOK_UP, NOBODY),
    post(
      'created',
      '/Groups',
      { schemas: [GROUP], displayName: 'Engineers' },
      { status: 201 },
      { save: { group: 'id' } },
    ),
    get('found', LOOK_UP, found({ id: '{{group}}' })),
    // §8, 3
    patch(
      'members are added',
      GROUP_PATH,
      [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }, { value: '{{user2}}' }, { value: '{{user3}}' }] }],
      shows(GROUP_PATH, { members: { $length: 3 } }, CHANGED),
    ),
    patch(
      'one is removed by a value array, the others stay',
      GROUP_PATH,
      [{ op: 'remove', path: 'members', value: [{ value: '{{user1}}' }] }],
      shows(GROUP_PATH, { members: { $anyOrder: [{ value: '{{user2}}' }, { value: '{{user3}}' }] } }, CHANGED),
    ),
    patch(
      'the same removed again changes nothing',
      GROUP_PATH,
      [{ op: 'remove', path: 'members', value: [{ value: '{{user1}}' }] }],
      shows(GROUP_PATH, { members: { $length: 2 } }, CHANGED),
    ),
    patch(
      'renamed',
      GROUP_PATH,
      [{ op: 'replace', path: 'displayName', value: 'Builders' }],
      shows(GROUP_PATH, { displayName: 'Builders', members: { $length: 2 } }, CHANGED),
    ),
    remove('deleted', GROUP_PATH, deleted(GROUP_PATH, { path: '/Users', body: { totalResults: 3 } })),
  ],
};
