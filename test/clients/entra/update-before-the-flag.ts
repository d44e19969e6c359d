import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'update as without the flag: capital operations, one for each attribute',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups: update user',
  steps: [
    {
      title: 'a user with little',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, ENT],
          externalId: 'e1',
          userName: 'ada@contoso.example',
          active: true,
          displayName: 'Ada',
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'gets several attributes',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'Replace', path: 'displayName', value: 'Ada Lovelace' },
            { op: 'Add', path: 'nickName', value: 'Countess' },
            { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@contoso.example' },
            { op: 'Replace', path: 'emails[type eq "work"].primary', value: true },
            { op: 'Add', path: 'name.givenName', value: 'Ada' },
            { op: 'Add', path: 'name.familyName', value: 'Lovelace' },
            { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'London' },
            { op: 'Add', path: 'addresses[type eq "work"].country', value: 'GB' },
            { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 20 7946 0000' },
            { op: 'Replace', path: `${ENT}:employeeNumber`, value: '8' },
            { op: 'Add', path: `${USER}:title`, value: 'Analyst' },
          ],
        },
      },
      expect: {
        status: 200,
        body: {
          id: '{{id}}',
          displayName: 'Ada Lovelace',
          nickName: 'Countess',
          emails: [{ $equals: { type: 'work', value: 'ada@contoso.example', primary: true } }],
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          addresses: [{ $equals: { type: 'work', locality: 'London', country: 'GB' } }],
          phoneNumbers: [{ $equals: { type: 'mobile', value: '+44 20 7946 0000' } }],
          title: 'Analyst',
          [ENT]: { employeeNumber: '8' },
        },
        state: [
          {
            path: '/Users/{{id}}',
            body: {
              externalId: 'e1',
              active: true,
              nickName: 'Countess',
              emails: { $length: 1 },
              [ENT]: { employeeNumber: '8' },
            },
          },
        ],
      },
      save: { version: 'meta.version' },
    },
    {
      title: 'the same again changes nothing',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'Replace', path: 'displayName', value: 'Ada Lovelace' },
            { op: 'Add', path: 'nickName', value: 'Countess' },
            { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@contoso.example' },
          ],
        },
      },
      expect: { status: 200, state: [{ path: '/Users/{{id}}', body: { meta: { version: '{{version}}' } } }] },
    },
    {
      title: 'targets of the default map with capitals are stored as the schema spells them',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'Replace', path: 'emails[type eq "other"].Value', value: 'ada@home.example' },
            { op: 'Replace', path: 'addresses[type eq "other"].Formatted', value: '1 St James Square' },
          ],
        },
      },
      expect: {
        status: 200,
        body: {
          emails: { $length: 2, $contains: { $equals: { type: 'other', value: 'ada@home.example' } } },
          addresses: { $length: 2, $contains: { $equals: { type: 'other', formatted: '1 St James Square' } } },
        },
      },
    },
    {
      title: 'one impossible operation undoes those before it',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'Replace', path: 'displayName', value: 'Somebody else' },
            { op: 'Replace', path: 'active', value: 'perhaps' },
          ],
        },
      },
      expect: {
        status: 400,
        body: { scimType: 'invalidValue' },
        state: [{ path: '/Users/{{id}}', body: { displayName: 'Ada Lovelace', active: true } }],
      },
      under: { 'role-object': { status: 422 } },
    },
  ],
};
