import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, PATCH_OP, USER } from '../urns.ts';

const EMPTIED = {
  displayName: { $absent: true },
  name: { $equals: { familyName: 'Lovelace' } },
  nickName: { $absent: true },
  [ENT]: { $equals: { employeeNumber: '8' } },
};

export const sequence: Sequence = {
  title: 'null flow in compact form, and the roles element emptied',
  source: 'AzureAD/SCIMReferenceCode, Logic App validation template of 2026: null update, compact',
  steps: [
    {
      title: 'a user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, ENT],
          userName: 'null@contoso.example',
          displayName: 'Null',
          nickName: 'N',
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          [ENT]: { department: 'Research', employeeNumber: '8', manager: { value: 'm' } },
          roles: [{ primary: true, value: 'admin' }],
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    ...['', null].map((value) => ({
      title: `attributes are emptied by ${JSON.stringify(value)}`,
      request: {
        method: 'PATCH' as const,
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'replace',
              value: {
                displayName: value,
                nickName: value,
                'name.givenName': value,
                [`${ENT}:department`]: value,
                [`${ENT}:manager`]: value,
              },
            },
          ],
        },
      },
      expect: { status: 200, body: EMPTIED, state: [{ path: '/Users/{{id}}', body: EMPTIED }] },
    })),
    ...['', null, null].map((value) => ({
      title: `the primary role is emptied by ${JSON.stringify(value)}`,
      request: {
        method: 'PATCH' as const,
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'replace', path: 'roles[primary eq "True"].value', value }],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: { body: { roles: { $oneOf: [{ $absent: true }, { $each: { value: { $absent: true } } }] } } },
        'role-object': { body: { roles: { $equals: { admin: false, member: false, editor: false } } } },
      },
    })),
  ],
};
