import { KEYCLOAK } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, deleted, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, patch, remove } = speaking(KEYCLOAK, KEYCLOAK);
const ADA = '/Users/{{user}}';

const NEW_USER = {
  schemas: [USER],
  externalId: '5e2c9a51-0d0a-4b39-9a0c-0c5f8b7a3d01',
  userName: 'ada',
  displayName: 'Ada Lovelace',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com' }],
  active: true,
  roles: [{ value: 'admin' }],
};

export const sequence: Sequence = {
  title: 'Keycloak: users in plain JSON, by PUT or by PATCH with booleans as lower-case text',
  source: 'mitodl/keycloak-scim, core/{ScimClient,UserAdapter}.java; Captain-P-Goldfish/SCIM-SDK',
  steps: [
    // spec/clients.md §5, 1: e-mails have neither type nor primary.
    post(
      'created',
      '/Users',
      NEW_USER,
      { status: 201, within: 5000, body: { emails: [{ $equals: { value: 'ada@example.com' } }], active: true } },
      {
        save: { user: 'id' },
        under: {
          rfc: { body: { roles: [{ value: 'admin' }] } },
          'role-object': { body: { roles: { $equals: { admin: true, member: false, editor: false } } } },
        },
      },
    ),
    // §13.1: a conflict is ignored and the user stays unlinked.
    post('created again', '/Users', NEW_USER, {
      status: 409,
      body: { scimType: 'uniqueness' },
      state: [{ path: '/Users', body: { totalResults: 1 } }],
    }),
    // §5, 2: PUT with id and with a meta of its own, whose location is relative.
    put(
      'replaced',
      ADA,
      {
        ...NEW_USER,
        id: '{{user}}',
        displayName: 'Ada King',
        name: { givenName: 'Ada', familyName: 'King' },
        emails: [{ value: 'ada.king@example.com', primary: true }],
        roles: [],
        meta: { resourceType: 'User', location: 'Users/{{user}}' },
      },
      {
        status: 200,
        within: 5000,
        body: { id: '{{user}}', name: { familyName: 'King' }, meta: { location: { $contains: '://' } } },
      },
      {
        under: {
          rfc: { body: { roles: ABSENT } },
          // The lowest role is what is left of a user who has none.
          'role-object': { body: { roles: { admin: false } } },
        },
      },
    ),
    // §5, 2: PATCH mode.
    patch(
      'deactivated in PATCH mode',
      ADA,
      [
        { op: 'replace', path: 'active', value: 'false' },
        { op: 'replace', path: 'userName', value: 'ada.l' },
        { op: 'replace', path: 'displayName', value: 'Ada Lovelace' },
        { op: 'replace', path: 'name.familyName', value: 'Lovelace' },
        { op: 'replace', path: 'emails', value: [{ value: 'ada.l@example.com' }] },
      ],
      {
        status: 200,
        body: {
          active: false,
          userName: 'ada.l',
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          emails: [{ $equals: { value: 'ada.l@example.com' } }],
        },
      },
    ),
    // §5, 2: an older SCIM-SDK writes single values as arrays.
    patch(
      'activated by an old SDK',
      ADA,
      [
        { op: 'replace', path: 'displayName', value: ['Ada L'] },
        { op: 'replace', path: 'active', value: ['true'] },
        { op: 'replace', path: 'name.givenName', value: ['Augusta'] },
      ],
      shows(ADA, { displayName: 'Ada L', active: true, name: { givenName: 'Augusta', familyName: 'Lovelace' } }),
    ),
    // §5, 6
    get('import reads all users', '/Users', {
      status: 200,
      body: { totalResults: 1, Resources: [{ id: '{{user}}', userName: 'ada.l', active: true }] },
    }),
    // §5, 5: with a content type and no body.
    remove('deleted', ADA, deleted(ADA)),
    // §13.1: a 404 is ignored.
    remove('deleted again', ADA, { status: 404, body: { status: '404' } }),
    put('replaced when it is gone', ADA, { ...NEW_USER, id: '{{user}}' }, { status: 404 }),
  ],
};
