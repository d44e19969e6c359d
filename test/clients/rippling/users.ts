import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, patch, remove } = speaking(BARE, BARE_WRITE);
const LOOK_UP = '/Users?filter=externalId%20eq%20%22rippling-6512bd43d9caa6e02c990b0a%22';
const ADA = '/Users/{{user}}';

/** The attributes that integration guides have ticked: externalId, emails.primary, name.givenName, name.familyName. */
const NEW_USER = {
  schemas: [USER],
  externalId: 'rippling-6512bd43d9caa6e02c990b0a',
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', primary: true }],
  active: true,
};

export const sequence: Sequence = {
  title: 'Rippling: a probe, the look-up by externalId, and creates that are repeated',
  source: 'integration guides of WorkOS, Kombo and authn.sh for Rippling; better-auth#10419, #10420',
  steps: [
    // spec/clients.md §11: the connection test.
    get('the probe', '/ServiceProviderConfig', {
      status: 200,
      body: { patch: { supported: true }, filter: { supported: true, maxResults: { $type: 'integer' } } },
    }),
    // §11: a 400 here would stop provisioning.
    get('looked up before the create', LOOK_UP, NOBODY),
    get('and with + for spaces', '/Users?filter=externalId+eq+%22ada@example.com%22', NOBODY),
    post(
      'created',
      '/Users',
      NEW_USER,
      { status: 201, body: { id: { $type: 'string' }, externalId: NEW_USER.externalId } },
      { save: { user: 'id' } },
    ),
    // §11: the answer was lost; the same POST must not make a second user.
    post(
      'created again after a lost answer',
      '/Users',
      NEW_USER,
      { status: 409, body: { scimType: 'uniqueness' }, state: [{ path: '/Users', body: { totalResults: 1 } }] },
      { times: 2 },
    ),
    get('found', LOOK_UP, found({ id: '{{user}}', userName: 'ada@example.com' })),
    get('externalId in other letters is another one', `${LOOK_UP.replace('rippling', 'RIPPLING')}`, NOBODY),
    patch(
      'updated',
      ADA,
      [{ op: 'replace', value: { name: { familyName: 'King' }, active: true } }],
      shows(ADA, { name: { $equals: { givenName: 'Ada', familyName: 'King' } } }),
    ),
    patch('terminated', ADA, [{ op: 'replace', value: { active: false } }], shows(ADA, { active: false })),
    patch('rehired', ADA, [{ op: 'replace', value: { active: true } }], shows(ADA, { active: true })),
    get('paged, when that is ticked', '/Users?startIndex=1&count=100', found({ id: '{{user}}' })),
    remove('deleted', ADA, deleted(ADA)),
    post('hired again', '/Users', NEW_USER, { status: 201, body: { id: { $noneOf: ['{{user}}'] } } }),
  ],
};
