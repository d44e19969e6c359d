import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { PATCH_OP, USER } from '../urns.ts';

const asText = (value: string) =>
  JSON.stringify({ id: '7a1e6f6a-6b3b-4f0c-8a0e-0f6d0a3f9b11', value, displayName: 'Role1234' });

export const sequence: Sequence = {
  title: 'roles by SingleAppRoleAssignment',
  source: 'MicrosoftDocs/entra-docs, customize-application-attributes: provisioning a role to a SCIM app',
  steps: [
    {
      title: 'a user is created with a primary role',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER],
          userName: 'single@contoso.example',
          active: true,
          roles: [{ primary: true, type: 'WindowsAzureActiveDirectoryRole', value: 'editor' }],
        },
      },
      expect: { status: 201 },
      under: {
        rfc: {
          body: { roles: [{ $equals: { primary: true, type: 'WindowsAzureActiveDirectoryRole', value: 'editor' } }] },
        },
        'role-object': { body: { roles: { $equals: { admin: false, member: false, editor: true } } } },
      },
      save: { id: 'id' },
    },
    {
      title: 'gets another by the quoted boolean in the path',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'Replace', path: 'roles[primary eq "True"].value', value: 'admin' }],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: {
          state: [
            { path: '/Users/{{id}}', body: { roles: [{ primary: true, value: 'admin' }] } },
            { path: '/Users?filter=roles.value+eq+%22admin%22', body: { totalResults: 1 } },
            { path: '/Users?filter=roles%5Bprimary+eq+%22True%22%5D.value+eq+%22admin%22', body: { totalResults: 1 } },
          ],
        },
        'role-object': {
          state: [
            { path: '/Users/{{id}}', body: { roles: { $equals: { admin: true, member: false, editor: false } } } },
            { path: '/Users?filter=roles.admin+eq+true', body: { totalResults: 1 } },
          ],
        },
      },
    },
    {
      title: 'a user without roles',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER], userName: 'none@contoso.example', active: true, roles: [] },
      },
      expect: { status: 201 },
      save: { none: 'id' },
    },
    {
      title: 'gets one as JSON text in value',
      request: {
        method: 'PATCH',
        path: '/Users/{{none}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'Add', path: 'roles', value: [{ value: asText('admin') }] }],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: {
          state: [{ path: '/Users/{{none}}', body: { roles: [{ value: 'admin', displayName: { $absent: true } }] } }],
        },
        'role-object': {
          state: [
            { path: '/Users/{{none}}', body: { roles: { $equals: { admin: true, member: false, editor: false } } } },
          ],
        },
      },
    },
    {
      title: 'another user without roles',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER], userName: 'path@contoso.example', active: true, roles: [] },
      },
      expect: { status: 201 },
      save: { path: 'id' },
    },
    {
      title: 'gets one by a path whose element does not exist yet',
      request: {
        method: 'PATCH',
        path: '/Users/{{path}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'Add', path: 'roles[primary eq "True"].value', value: 'member' }],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: {
          state: [{ path: '/Users/{{path}}', body: { roles: [{ $equals: { primary: true, value: 'member' } }] } }],
        },
        'role-object': {
          state: [
            { path: '/Users/{{path}}', body: { roles: { $equals: { admin: false, member: true, editor: false } } } },
          ],
        },
      },
    },
    {
      title: 'with display and type of the same element',
      only: 'rfc',
      request: {
        method: 'PATCH',
        path: '/Users/{{path}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'Add', path: 'roles[primary eq "True"].display', value: 'Member' },
            { op: 'Add', path: 'roles[primary eq "True"].type', value: 'WindowsAzureActiveDirectoryRole' },
          ],
        },
      },
      expect: {
        status: 200,
        body: {
          roles: [
            {
              $equals: { primary: true, value: 'member', display: 'Member', type: 'WindowsAzureActiveDirectoryRole' },
            },
          ],
        },
      },
    },
  ],
};
