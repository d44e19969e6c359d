import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { LIST, USER } from '../urns.ts';

const accept = { Accept: 'application/json' };
const { get, post, put, patch, remove } = speaking({ ...BARE, ...accept }, { ...BARE_WRITE, ...accept });
const LOOK_UP = '/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1';
const ADA = '/Users/{{user}}';

const NEW_USER = {
  schemas: ['urn:scim:schemas:core:1.0', USER],
  userName: 'ada@example.com',
  displayName: 'Ada Lovelace',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};

export const sequence: Sequence = {
  title: 'Google Workspace: a SCIM 1.1 URN beside the 2.0 one, startIndex without count',
  source: 'grokability/snipe-it#12642; Google Workspace admin help',
  steps: [
    // spec/clients.md §6, 1
    get('connection check without parameters', '/Users', { ...NOBODY, body: { schemas: [LIST], Resources: [] } }),
    // §6, 2
    get('a look-up that finds nobody', LOOK_UP, {
      status: 200,
      body: { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
    }),
    // §6, 3
    post(
      'created',
      '/Users',
      NEW_USER,
      { status: 201, body: { schemas: [USER], userName: 'ada@example.com', [USER]: ABSENT } },
      { save: { user: 'id' } },
    ),
    // §6: core attributes nested under their URN broke the look-up elsewhere.
    get(
      'found; core attributes are flat',
      LOOK_UP,
      found({ id: '{{user}}', userName: 'ada@example.com', name: { givenName: 'Ada' }, [USER]: ABSENT }),
    ),
    // §6, 4: updates were not seen in logs, so both ways hold.
    put(
      'renamed by PUT',
      ADA,
      { ...NEW_USER, name: { givenName: 'Ada', familyName: 'King' }, displayName: 'Ada King' },
      shows(ADA, { schemas: [USER], displayName: 'Ada King', active: true }),
    ),
    put('suspended by PUT', ADA, { ...NEW_USER, active: false }, shows(ADA, { active: false })),
    get('a suspended user is found', LOOK_UP, found({ id: '{{user}}', active: false })),
    patch('restored by PATCH', ADA, [{ op: 'replace', path: 'active', value: true }], shows(ADA, { active: true })),
    patch(
      'suspended by PATCH',
      ADA,
      [{ op: 'replace', value: { active: false } }],
      shows(ADA, { active: false, displayName: 'Ada Lovelace' }),
    ),
    // §6, 4: after a delay that the administrator sets.
    remove('deleted', ADA, deleted(ADA)),
    get('found no more', LOOK_UP, NOBODY),
  ],
};
