import { AUTHENTIK } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, CHANGED, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(AUTHENTIK, AUTHENTIK);
const GROUP_PATH = '/Groups/{{group}}';

const ADMINS = {
  schemas: [GROUP],
  externalId: '7b1c0c62-6f0f-4a54-9b8e-3f6b8d1f0c11',
  displayName: 'authentik Admins',
};

/** One operation a member, as the provider writes them. */
const member = (op: 'add' | 'remove', id: string) => ({ op, path: 'members', value: [{ value: id }] });

export const sequence: Sequence = {
  title: 'authentik: groups, members one operation each, and what it compares afterwards',
  source: 'goauthentik/authentik, providers/scim/clients/groups.py; issues #23950, #25024',
  steps: [
    people(3),
    // spec/clients.md §4, 6: without members, because PATCH works.
    post(
      'a group is created',
      '/Groups',
      ADMINS,
      { status: 201, body: { members: ABSENT } },
      { save: { group: 'id' } },
    ),
    post('is created again', '/Groups', ADMINS, {
      status: 409,
      body: { scimType: 'uniqueness', detail: { $contains: 'displayName' } },
      state: [{ path: '/Groups', body: { totalResults: 1 } }],
    }),
    get(
      'and therefore looked up',
      '/Groups?filter=displayName+eq+%22authentik+Admins%22',
      found({ id: '{{group}}', displayName: 'authentik Admins' }),
    ),
    // §4, 8: as many operations in one PATCH as bulk.maxOperations allows.
    patch(
      'members come one operation each',
      GROUP_PATH,
      [member('add', '{{user1}}'), member('add', '{{user2}}')],
      shows(GROUP_PATH, { members: { $anyOrder: [{ value: '{{user1}}' }, { value: '{{user2}}' }] } }, CHANGED),
    ),
    // §4, 9
    get('what it compares', GROUP_PATH, {
      status: 200,
      body: { members: { $length: 2, $each: { value: { $type: 'string' } } } },
    }),
    patch(
      'the difference, adds before removals, by value array',
      GROUP_PATH,
      [member('add', '{{user3}}'), member('remove', '{{user1}}')],
      shows(GROUP_PATH, { members: { $anyOrder: [{ value: '{{user2}}' }, { value: '{{user3}}' }] } }, CHANGED),
    ),
    patch(
      'a removal by filter with a null value',
      GROUP_PATH,
      [{ op: 'remove', path: 'members[value eq "{{user3}}"]', value: null }],
      shows(GROUP_PATH, { members: [{ value: '{{user2}}' }] }, CHANGED),
    ),
    // §4, 7: `id` in the value until #23950; path null in some versions.
    patch(
      'renamed with id and schemas in the value, members untouched',
      GROUP_PATH,
      [{ op: 'replace', path: null, value: { ...ADMINS, id: '{{group}}', displayName: 'authentik admins' } }],
      shows(GROUP_PATH, { id: '{{group}}', displayName: 'authentik admins', members: { $length: 1 } }, CHANGED),
    ),
    patch(
      'renamed as since #23950',
      GROUP_PATH,
      [{ op: 'replace', value: { ...ADMINS, displayName: 'Admins' } }],
      shows(GROUP_PATH, { displayName: 'Admins', members: { $length: 1 } }, CHANGED),
    ),
    // §4, AWS mode: by path, groups of a user by filter, pages by cursor.
    patch(
      'renamed in AWS mode',
      GROUP_PATH,
      [
        { op: 'replace', path: 'displayName', value: 'AWS Admins' },
        { op: 'replace', path: 'externalId', value: 'aws-1' },
      ],
      shows(GROUP_PATH, { displayName: 'AWS Admins', externalId: 'aws-1' }, CHANGED),
    ),
    get(
      'the members in AWS mode',
      '/Users?filter=groups.value+eq+%22{{group}}%22',
      found({ id: '{{user2}}', groups: [{ value: '{{group}}' }] }),
    ),
    // `count` stands here only to have two pages of three users.
    get(
      'the first page in AWS mode',
      '/Users?cursor=&count=2',
      { status: 200, body: { totalResults: 3, Resources: { $length: 2 }, nextCursor: { $type: 'string' } } },
      { save: { next: 'nextCursor' } },
    ),
    get('the last page in AWS mode', '/Users?cursor={{next}}&count=2', {
      status: 200,
      body: { Resources: [{ id: '{{user3}}' }], nextCursor: ABSENT },
    }),
    // §4, 10
    get('discovery of groups', '/Groups', found({ displayName: 'AWS Admins' })),
    get('discovery goes on', '/Groups?startIndex=2', {
      status: 200,
      body: { totalResults: 1, startIndex: 2, Resources: [] },
    }),
    patch(
      'the last member leaves',
      GROUP_PATH,
      [member('remove', '{{user2}}')],
      shows(GROUP_PATH, { members: ABSENT }, CHANGED),
    ),
    remove('the group is deleted', GROUP_PATH, deleted(GROUP_PATH, { path: '/Users', body: { totalResults: 3 } })),
    get('and found no more', '/Groups?filter=displayName+eq+%22AWS+Admins%22', NOBODY),
    patch('a change of one that is gone', GROUP_PATH, [member('add', '{{user1}}')], { status: 404 }),
  ],
};
