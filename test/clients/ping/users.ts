import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, remove } = speaking(BARE, BARE_WRITE);
const LOOK_UP = '/Users?filter=username%20Eq%20%22janet%40example.com%22';
const JANET = '/Users/{{user}}';

const NEW_USER = {
  schemas: [USER],
  userName: 'janet@example.com',
  name: { givenName: 'Janet', familyName: 'Smith' },
  emails: [{ value: 'janet.smith@example.com', type: 'work', primary: true }],
  active: true,
};

export const sequence: Sequence = {
  title: 'PingFederate and PingOne: users never by PATCH, filters in odd case, disabled users provisioned',
  source: 'docs.pingidentity.com, SCIM integrations; pingidentity/scim2#239',
  steps: [
    // spec/clients.md §9, 1
    get('look-up with attribute and operator in odd case', LOOK_UP, NOBODY),
    get('a filter on an attribute that SCIM lacks', '/Users?filter=email%20Co%20%22janet%22', {
      status: 400,
      body: { scimType: 'invalidFilter', detail: { $contains: 'email' } },
    }),
    // §9, 2
    post('created', '/Users', NEW_USER, { status: 201, body: { active: true } }, { save: { user: 'id' } }),
    get('found', LOOK_UP, found({ id: '{{user}}' })),
    // §9, 1: the identifier "workEmail" of the connector.
    get(
      'found by work e-mail',
      '/Users?filter=emails%20eq%20%22janet.smith%40example.com%22',
      found({ id: '{{user}}' }),
    ),
    get('found by a corrected filter', '/Users?filter=emails.value%20Co%20%22janet%22', found({ id: '{{user}}' })),
    put(
      'updated by PUT',
      JANET,
      { ...NEW_USER, name: { givenName: 'Janet', familyName: 'Jones' }, title: 'Lead' },
      shows(JANET, { name: { familyName: 'Jones' }, title: 'Lead' }),
    ),
    // §9, 4
    put('disabled by PUT', JANET, { ...NEW_USER, active: false }, shows(JANET, { active: false })),
    put('enabled by PUT', JANET, NEW_USER, shows(JANET, { active: true, name: { familyName: 'Smith' } })),
    post(
      'a disabled user is provisioned',
      '/Users',
      { ...NEW_USER, userName: 'off@example.com', active: false },
      { status: 201, body: { active: false }, state: [{ path: '/Users', body: { totalResults: 2 } }] },
    ),
    remove('deleted', JANET, deleted(JANET)),
    get('found no more', LOOK_UP, NOBODY),
  ],
};
