import { PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, remove } = speaking(PLAIN_JSON, PLAIN_JSON);
const LOOK_UP = '/Users?filter=userName%20eq%20%22ada%40example.com%22';
const ADA = '/Users/{{user}}';

const NEW_USER = {
  schemas: [USER],
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  title: 'Analyst',
  active: true,
};

export const sequence: Sequence = {
  title: 'OneLogin: users in plain JSON throughout, updates by PUT with nulls',
  source: 'developers.onelogin.com, implement a SCIM API, test your SCIM',
  steps: [
    // spec/clients.md §7, 1
    get('connection test: a user that does not exist', '/Users?filter=userName%20eq%20%22nobody%22', NOBODY),
    // §7, 2
    get('look-up', LOOK_UP, NOBODY),
    post('created', '/Users', NEW_USER, { status: 201, body: { title: 'Analyst' } }, { save: { user: 'id' } }),
    get('found', LOOK_UP, found({ id: '{{user}}' })),
    get('read by id', ADA, { status: 200, body: { id: '{{user}}', active: true, name: { familyName: 'Lovelace' } } }),
    // §13.1: what an administrator of OneLogin is shown.
    post('created again', '/Users', NEW_USER, {
      status: 409,
      body: { scimType: 'uniqueness', detail: { $contains: 'userName' } },
      state: [{ path: '/Users', body: { totalResults: 1 } }],
    }),
    // §7: null for what is unset.
    put(
      'updated, null for what is unset',
      ADA,
      {
        ...NEW_USER,
        id: '{{user}}',
        name: { givenName: 'Ada', familyName: 'King', middleName: null },
        title: null,
        phoneNumbers: null,
        emails: [{ value: 'ada@example.com', type: 'work', primary: true, display: null }],
      },
      {
        status: 200,
        body: {
          title: ABSENT,
          phoneNumbers: ABSENT,
          name: { $equals: { givenName: 'Ada', familyName: 'King' } },
          emails: [{ $equals: { value: 'ada@example.com', type: 'work', primary: true } }],
        },
      },
    ),
    put('the same once more', ADA, { ...NEW_USER, title: null }, shows(ADA, { title: ABSENT, active: true })),
    // §7, 4: suspended, when the administrator has chosen so.
    put('suspended', ADA, { ...NEW_USER, active: false }, shows(ADA, { active: false })),
    get('a suspended user is found', LOOK_UP, found({ id: '{{user}}', active: false })),
    put('reactivated', ADA, { ...NEW_USER, active: true }, shows(ADA, { active: true })),
    // §7, 5
    get('list', '/Users', found({ id: '{{user}}' })),
    // §7, 4: or deleted.
    remove('deleted', ADA, deleted(ADA)),
    // The template of the connector as administrators fill it in: id null, active as text, meta.
    post(
      'created by a template with texts and nulls',
      '/Users',
      {
        schemas: [USER],
        id: null,
        meta: { resourceType: 'User' },
        userName: 'template@example.com',
        name: { givenName: 'Tem', familyName: 'Plate', formatted: 'Tem Plate' },
        emails: [{ value: 'template@example.com', type: 'work', primary: true }],
        active: 'true',
      },
      { status: 201, body: { schemas: [USER], active: true, name: { formatted: 'Tem Plate' } } },
    ),
    remove('deleted again', ADA, { status: 404, body: { status: '404' } }),
    get('found no more', LOOK_UP, NOBODY),
  ],
};
