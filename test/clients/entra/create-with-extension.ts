import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'create with enterprise attributes in the spellings that were seen',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups and customize-application-attributes',
  steps: [
    {
      title: 'the URN of the extension is missing in schemas',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER],
          userName: 'undeclared@contoso.example',
          active: true,
          meta: { resourceType: 'User' },
          [ENT]: { department: 'Research', employeeNumber: '701984' },
        },
      },
      expect: {
        status: 201,
        body: {
          schemas: { $anyOrder: [USER, ENT] },
          [ENT]: { $equals: { department: 'Research', employeeNumber: '701984' } },
        },
      },
    },
    {
      title: 'the URN of the extension is misspelt in schemas',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User'],
          userName: 'misspelt@contoso.example',
          active: true,
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0User': { department: 'Research' },
        },
      },
      expect: {
        status: 201,
        body: { schemas: [USER], userName: 'misspelt@contoso.example', [ENT]: { $absent: true } },
      },
    },
    {
      title: 'the manager is a bare string and need not exist',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, ENT],
          userName: 'managed@contoso.example',
          active: true,
          [ENT]: { Department: 'bob', manager: '26118915-6090-4610-87e4-49d8ca9f808d' },
        },
      },
      expect: {
        status: 201,
        body: {
          schemas: { $anyOrder: [USER, ENT] },
          [ENT]: { department: 'bob', manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' } },
        },
      },
    },
    {
      title: 'active is text',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER], userName: 'inactive@contoso.example', active: 'False' },
      },
      expect: { status: 201, body: { active: false } },
    },
  ],
};
