import { AUTHENTIK } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, patch, remove } = speaking(AUTHENTIK, AUTHENTIK);

/** The mapping that ships with authentik. */
const JDOE = {
  schemas: [USER],
  userName: 'jdoe',
  name: { formatted: 'J Doe', familyName: 'Doe', givenName: 'J' },
  displayName: 'J Doe',
  active: true,
  emails: [{ value: 'jdoe@example.com', type: 'other', primary: true }],
  externalId: 'b4f3c1d2e5a6978812345678',
};

export const sequence: Sequence = {
  title: 'authentik: users, from the configuration over the conflict to the update of one that is gone',
  source: 'goauthentik/authentik, providers/scim/clients/{base,users}.py; issues #16455, #16677, #25998',
  steps: [
    // spec/clients.md §4, 1: it must satisfy its model, or the run goes on without PATCH and filters.
    get('the configuration', '/ServiceProviderConfig', {
      status: 200,
      body: {
        patch: { supported: true },
        bulk: { supported: { $type: 'boolean' }, maxOperations: { $type: 'integer', $noneOf: [0] } },
        filter: { supported: true, maxResults: { $type: 'integer' } },
        changePassword: { supported: { $type: 'boolean' } },
        sort: { supported: { $type: 'boolean' } },
        authenticationSchemes: { $type: 'array' },
      },
    }),
    // §4, 10: discovery before anything was provisioned.
    get('discovery finds nobody', '/Users', NOBODY),
    // §4, 2
    post(
      'a user is created',
      '/Users',
      JDOE,
      {
        status: 201,
        body: { id: { $type: 'string' }, userName: 'jdoe', emails: [{ $equals: JDOE.emails[0] ?? null }] },
      },
      { save: { jdoe: 'id' } },
    ),
    post(
      'a user without a real name: the names are blank, not empty',
      '/Users',
      {
        schemas: [USER],
        userName: 'akadmin',
        name: { formatted: ' ', familyName: ' ', givenName: '' },
        displayName: '',
        active: true,
        emails: [],
        externalId: 'c5f3c1d2e5a6978812345678',
      },
      { status: 201, body: { userName: 'akadmin', emails: ABSENT, displayName: ABSENT, name: { givenName: ABSENT } } },
      { save: { admin: 'id' } },
    ),
    // §4, 3: 409, then the look-up from which it takes the id.
    post('the user is created again', '/Users', JDOE, {
      status: 409,
      body: { scimType: 'uniqueness', detail: { $contains: 'userName' } },
      state: [{ path: '/Users', body: { totalResults: 2 } }],
    }),
    get('and looked up, unquoted, + for spaces', '/Users?filter=userName+eq+jdoe', found({ id: '{{jdoe}}' })),
    get('or quoted, by newer versions', '/Users?filter=userName+eq+%22jdoe%22', found({ id: '{{jdoe}}' })),
    get('or by its address', '/Users?filter=userName+eq+jdoe%40example.com', NOBODY),
    // §4, 4: PUT with id.
    put(
      'updated by PUT',
      '/Users/{{jdoe}}',
      { ...JDOE, id: '{{jdoe}}', displayName: 'Jane Doe' },
      shows('/Users/{{jdoe}}', { id: '{{jdoe}}', displayName: 'Jane Doe', externalId: JDOE.externalId }),
    ),
    // §4, 4: newer, the whole resource in a PATCH, read again afterwards; the user was disabled.
    patch(
      'disabled by PATCH of the whole resource, schemas and id included',
      '/Users/{{jdoe}}',
      [{ op: 'replace', path: null, value: { ...JDOE, id: '{{jdoe}}', active: false } }],
      { status: 200, body: { id: '{{jdoe}}', active: false } },
    ),
    get('read again', '/Users/{{jdoe}}', {
      status: 200,
      body: { active: false, displayName: 'J Doe', name: { familyName: 'Doe' }, emails: { $length: 1 } },
    }),
    patch(
      'enabled, path left out',
      '/Users/{{jdoe}}',
      [{ op: 'replace', value: { ...JDOE, id: '{{jdoe}}' } }],
      shows('/Users/{{jdoe}}', { active: true }),
    ),
    // §4, 10: on with startIndex alone until totalResults is reached.
    get('discovery', '/Users', { status: 200, body: { totalResults: 2, itemsPerPage: 2 } }),
    get('discovery goes on without count', '/Users?startIndex=2', {
      status: 200,
      body: { totalResults: 2, startIndex: 2, itemsPerPage: 1 },
    }),
    // §4, 5
    remove('deleted', '/Users/{{jdoe}}', deleted('/Users/{{jdoe}}', { path: '/Users', body: { totalResults: 1 } })),
    remove('deleted again, which is fine', '/Users/{{jdoe}}', { status: 404, body: { status: '404' } }),
    // §4, 4: a 404 on the update makes authentik create the user again, under the name that is free now.
    put('an update of one that is gone', '/Users/{{jdoe}}', { ...JDOE, id: '{{jdoe}}' }, { status: 404 }),
    post('makes it again', '/Users', JDOE, { status: 201, body: { id: { $noneOf: ['{{jdoe}}'] }, userName: 'jdoe' } }),
  ],
};
