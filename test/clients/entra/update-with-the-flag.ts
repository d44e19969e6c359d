import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'update as with aadOptscim062020: one operation without path, dotted and qualified keys',
  source: 'MicrosoftDocs/entra-docs, application-provisioning-config-problem-scim-compatibility',
  steps: [
    {
      title: 'a user, with the flag in the query',
      request: {
        method: 'POST',
        path: '/Users?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, ENT],
          externalId: 'e1',
          userName: 'ada@contoso.example',
          active: true,
          name: { givenName: 'A', familyName: 'Lovelace' },
          [ENT]: { department: 'Research' },
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'is updated',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', path: 'emails[type eq "work"].value', value: 'ada@contoso.example' },
            {
              op: 'replace',
              value: {
                displayName: 'Ada Lovelace',
                'name.givenName': 'Ada',
                [`${ENT}:employeeNumber`]: '8',
                active: false,
              },
            },
          ],
        },
      },
      expect: {
        status: 200,
        body: {
          emails: [{ $equals: { type: 'work', value: 'ada@contoso.example' } }],
          displayName: 'Ada Lovelace',
          name: { $equals: { givenName: 'Ada', familyName: 'Lovelace' } },
          [ENT]: { $equals: { department: 'Research', employeeNumber: '8' } },
          active: false,
          'name.givenName': { $absent: true },
          [`${ENT}:employeeNumber`]: { $absent: true },
        },
        state: [
          {
            path: '/Users/{{id}}',
            body: { active: false, name: { givenName: 'Ada' }, [ENT]: { department: 'Research' } },
          },
        ],
      },
    },
    {
      title: 'is updated with an extension object and a value path as key',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'add',
              value: {
                [ENT]: { costCenter: '4130' },
                'phoneNumbers[type eq "work"].value': '+44 1',
                'emails[type eq "work"].value': 'ada.lovelace@contoso.example',
                active: true,
              },
            },
          ],
        },
      },
      expect: {
        status: 200,
        body: {
          [ENT]: { $equals: { department: 'Research', employeeNumber: '8', costCenter: '4130' } },
          phoneNumbers: [{ type: 'work', value: '+44 1' }],
          emails: [{ type: 'work', value: 'ada.lovelace@contoso.example' }],
          active: true,
        },
      },
    },
    {
      title: 'is found with the flag after the filter',
      request: {
        method: 'GET',
        path: '/Users?filter=userName+eq+%22ada%40contoso.example%22&aadOptscim062020',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{id}}' }] } },
    },
  ],
};
