import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { CHANGED, found, NOBODY, shows, speaking } from '../speaking.ts';
import { GROUP, USER } from '../urns.ts';

const { get, post, put, patch } = speaking(BARE, BARE_WRITE);
const LOOK_UP = '/Users?filter=userName%20eq%20%22ada%40example.com%22';
const ADA = '/Users/{{user}}';
const GROUP_PATH = '/Groups/{{group}}';

const NEW_USER = {
  schemas: [USER],
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};

export const sequence: Sequence = {
  title: 'CyberArk Identity: users by PUT, groups by PATCH, and no DELETE among what it needs',
  source: 'identity-developer.cyberark.com, SCIM API requirements',
  steps: [
    // spec/clients.md §12: the calls that it lists, in the order of a life.
    get('look-up', LOOK_UP, NOBODY),
    post('created', '/Users', NEW_USER, { status: 201 }, { save: { user: 'id' } }),
    get('found', LOOK_UP, found({ id: '{{user}}' })),
    get('read', ADA, { status: 200, body: { id: '{{user}}', active: true } }),
    // The resource as it was read, changed.
    { ...get('read to be replaced', ADA, { status: 200 }), save: { fetched: '' } },
    put(
      'replaced',
      ADA,
      { $fetched: 'fetched', displayName: 'Ada', name: { givenName: 'Ada', familyName: 'King' } },
      shows(ADA, { displayName: 'Ada', name: { familyName: 'King' }, emails: { $length: 1 } }),
    ),
    put('deactivated', ADA, { $fetched: 'fetched', active: false }, shows(ADA, { active: false })),
    put('activated', ADA, { $fetched: 'fetched', active: true }, shows(ADA, { active: true })),
    get('the groups', '/Groups', NOBODY),
    post(
      'a group',
      '/Groups',
      { schemas: [GROUP], displayName: 'Vault users' },
      { status: 201 },
      { save: { group: 'id' } },
    ),
    get('the group', GROUP_PATH, { status: 200, body: { displayName: 'Vault users' } }),
    patch(
      'a member comes',
      GROUP_PATH,
      [{ op: 'add', path: 'members', value: [{ value: '{{user}}' }] }],
      shows(GROUP_PATH, { members: [{ value: '{{user}}', type: 'User' }] }, CHANGED),
    ),
    get('its groups', ADA, { status: 200, body: { groups: [{ value: '{{group}}' }] } }),
    patch(
      'the member goes',
      GROUP_PATH,
      [{ op: 'remove', path: 'members[value eq "{{user}}"]' }],
      shows(GROUP_PATH, { members: { $absent: true } }, CHANGED),
    ),
    get('the groups once more', '/Groups', found({ id: '{{group}}' })),
  ],
};
