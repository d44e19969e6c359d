import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, CHANGED, deleted, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(BARE, BARE_WRITE);
const SECOND = '/Groups/{{group2}}';
const ids = (...names: string[]) => ({ Resources: names.map((id) => ({ id })) });

export const sequence: Sequence = {
  title: 'PingFederate and PingOne: all groups are read and matched by the client',
  source: 'docs.pingidentity.com, SCIM integrations',
  steps: [
    people(2),
    post(
      'three groups',
      '/Groups',
      { schemas: [GROUP], displayName: 'Group {{n}}' },
      { status: 201 },
      { times: 3, save: { 'group{{n}}': 'id' } },
    ),
    // spec/clients.md §9, 3: complete, and stable over the pages.
    get('all groups are read', '/Groups', {
      status: 200,
      body: { totalResults: 3, itemsPerPage: 3, ...ids('{{group1}}', '{{group2}}', '{{group3}}') },
    }),
    get('page by page', '/Groups?startIndex=1&count=2', {
      status: 200,
      body: { totalResults: 3, ...ids('{{group1}}', '{{group2}}') },
    }),
    patch(
      'members are added',
      SECOND,
      [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }, { value: '{{user2}}' }] }],
      shows(SECOND, { members: { $length: 2 } }, CHANGED),
    ),
    get('the order stays after a change', '/Groups?startIndex=3&count=2', {
      status: 200,
      body: { totalResults: 3, startIndex: 3, ...ids('{{group3}}') },
    }),
    patch(
      'one is removed',
      SECOND,
      [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }],
      shows(SECOND, { members: [{ value: '{{user2}}' }] }, CHANGED),
    ),
    patch(
      'renamed',
      SECOND,
      [{ op: 'replace', path: 'displayName', value: 'Group Two' }],
      shows(SECOND, { displayName: 'Group Two', members: { $length: 1 } }, CHANGED),
    ),
    patch(
      'overwritten with none',
      SECOND,
      [{ op: 'replace', path: 'members', value: [] }],
      shows(SECOND, { members: ABSENT }, CHANGED),
    ),
    remove('deleted', SECOND, deleted(SECOND, { path: '/Groups', body: { totalResults: 2 } })),
  ],
};
