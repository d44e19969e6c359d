import { BARE, PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, remove } = speaking(BARE, PLAIN_JSON);
const LOOK_UP = '/Users?filter=externalId%20eq%20%22auth0%7C507f1f77bcf86cd799439011%22';
const BY_NAME = "/Users?filter=userName%20eq%20%22o'hara%2Btest%40example.com%22";
const USER_PATH = '/Users/{{user}}';
/** One try; the action waits no longer. */
const within = 1500;

/** The default mapping of the action. */
const OHARA = {
  schemas: [USER],
  externalId: 'auth0|507f1f77bcf86cd799439011',
  userName: "o'hara+test@example.com",
  active: true,
  emails: [{ value: "o'hara+test@example.com", type: 'work', primary: true }],
  name: { givenName: 'Maureen', familyName: 'O’Hara', formatted: 'Maureen O’Hara' },
  displayName: 'Maureen O’Hara',
  nickName: "o'hara+test",
};

export const sequence: Sequence = {
  title: 'Auth0: users correlated by an externalId with a bar in it, PUT after a look-up',
  source: 'auth0/docs-v2, customize/events/send-outbound-scim',
  steps: [
    // spec/clients.md §13: without a Resources array the action throws "invalid response shape".
    get('an update of nobody is skipped; the list has Resources all the same', LOOK_UP, { ...NOBODY, within }),
    // §13: created → POST; without a string id it throws.
    post(
      'created',
      '/Users',
      OHARA,
      { status: 201, within, body: { id: { $type: 'string' }, nickName: OHARA.nickName } },
      { save: { user: 'id' } },
    ),
    // §13.1: one retry after a time-out, then the event is delivered again.
    post('delivered again', '/Users', OHARA, {
      status: 409,
      within,
      body: { scimType: 'uniqueness' },
      state: [{ path: '/Users', body: { totalResults: 1 } }],
    }),
    // §13: updated → look-up, PUT.
    get('found', LOOK_UP, { ...found({ id: '{{user}}' }), within }),
    put(
      'blocked in Auth0',
      USER_PATH,
      { ...OHARA, active: false },
      {
        status: 200,
        within,
        body: { id: '{{user}}', active: false, displayName: 'Maureen O’Hara' },
      },
      {
        under: {
          'role-object': { state: [{ path: '/Users/auth0%7C507f1f77bcf86cd799439011', body: { id: '{{user}}' } }] },
          rfc: { state: [{ path: '/Users/auth0%7C507f1f77bcf86cd799439011', status: 404 }] },
        },
      },
    ),
    put(
      'unblocked, with another address; externalId holds them together',
      USER_PATH,
      { ...OHARA, userName: 'maureen@example.com', emails: [{ value: 'maureen@example.com', primary: true }] },
      shows('/Users?filter=externalId%20eq%20%22auth0%7C507f1f77bcf86cd799439011%22', {
        Resources: [{ id: '{{user}}', userName: 'maureen@example.com', active: true }],
      }),
    ),
    put('the address of before', USER_PATH, OHARA, { status: 200, within }),
    // §13: the fall-back by userName, with an apostrophe and a plus.
    get('found by userName', BY_NAME, found({ id: '{{user}}' })),
    // §13: deleted → look-up, DELETE.
    remove('deleted', USER_PATH, { ...deleted(USER_PATH), within }),
    get('a second deletion finds nobody', LOOK_UP, NOBODY),
  ],
};
