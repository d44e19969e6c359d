import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, patch, remove } = speaking(BARE, BARE_WRITE);
const LOOK_UP = '/Users?filter=userName%20eq%20%22ada%40example.com%22';
const ADA = '/Users/{{user}}';

const NEW_USER = {
  schemas: [USER],
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};

export const sequence: Sequence = {
  title: 'JumpCloud: users, looked up before they are created or taken over',
  source: 'jumpcloud.com/support, custom SCIM identity management integration',
  steps: [
    // spec/clients.md §8, 2
    get('look-up', LOOK_UP, NOBODY),
    post('created', '/Users', NEW_USER, { status: 201, body: { active: true } }, { save: { user: 'id' } }),
    get('found, and therefore taken over', LOOK_UP, found({ id: '{{user}}' })),
    // §8, 2: the documents leave open which of the two it is.
    put(
      'updated by PUT',
      ADA,
      { ...NEW_USER, name: { givenName: 'Ada', familyName: 'King' } },
      shows(ADA, { name: { familyName: 'King' }, active: true }),
    ),
    patch(
      'updated by PATCH',
      ADA,
      [{ op: 'replace', path: 'name.familyName', value: 'Byron' }],
      shows(ADA, { name: { givenName: 'Ada', familyName: 'Byron' } }),
    ),
    // §8, 4
    patch('deprovisioned', ADA, [{ op: 'replace', path: 'active', value: false }], {
      status: 200,
      body: { active: false },
    }),
    get('an inactive user is found', LOOK_UP, found({ id: '{{user}}', active: false })),
    put('provisioned again', ADA, NEW_USER, shows(ADA, { active: true, name: { familyName: 'Lovelace' } })),
    remove('deleted', ADA, deleted(ADA)),
    get('found no more', LOOK_UP, NOBODY),
  ],
};
