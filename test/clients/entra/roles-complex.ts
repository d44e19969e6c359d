import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'roles by AppRoleAssignmentsComplex (additive) and AssertiveAppRoleAssignmentsComplex (the whole array)',
  source: 'MicrosoftDocs/entra-docs, customize-application-attributes: provisioning a role to a SCIM app',
  steps: [
    {
      title: 'a user is created with two roles, displayName beside value',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER],
          userName: 'complex@contoso.example',
          active: true,
          roles: [
            { primary: false, type: 'WindowsAzureActiveDirectoryRole', displayName: 'Admin', value: 'admin' },
            { primary: false, type: 'WindowsAzureActiveDirectoryRole', displayName: 'Member', value: 'member' },
          ],
        },
      },
      expect: { status: 201 },
      under: {
        rfc: {
          body: {
            roles: {
              $anyOrder: [
                { value: 'admin', type: 'WindowsAzureActiveDirectoryRole', displayName: { $absent: true } },
                { value: 'member' },
              ],
            },
          },
        },
        'role-object': { body: { roles: { $equals: { admin: true, member: true, editor: false } } } },
      },
      save: { id: 'id' },
    },
    {
      title: 'one more is added',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'Add',
              path: 'roles',
              value: [{ value: '{"id":"7a1e","value":"editor","displayName":"Editors"}' }],
            },
          ],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: {
          body: { roles: { $anyOrder: [{ value: 'admin' }, { value: 'member' }, { value: 'editor' }] } },
        },
        'role-object': { body: { roles: { $equals: { admin: true, member: true, editor: true } } } },
      },
    },
    {
      title: 'the whole array is replaced',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'replace',
              path: 'roles',
              value: [
                { primary: false, type: 'WindowsAzureActiveDirectoryRole', displayName: 'Editor', value: 'editor' },
              ],
            },
          ],
        },
      },
      expect: { status: 200 },
      under: {
        rfc: { state: [{ path: '/Users/{{id}}', body: { roles: [{ value: 'editor' }] } }] },
        'role-object': {
          state: [
            { path: '/Users/{{id}}', body: { roles: { $equals: { admin: false, member: false, editor: true } } } },
          ],
        },
      },
    },
    {
      title: 'the whole array is replaced without path',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { roles: [{ value: 'member' }] } }] },
      },
      expect: { status: 200 },
      under: {
        rfc: { state: [{ path: '/Users/{{id}}', body: { roles: [{ value: 'member' }] } }] },
        'role-object': {
          state: [
            { path: '/Users/{{id}}', body: { roles: { $equals: { admin: false, member: true, editor: false } } } },
          ],
        },
      },
    },
    {
      title: 'a role that the tenant does not have is open to RFC 7643 only',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'Add', path: 'roles', value: [{ value: '25' }] }] },
      },
      expect: {},
      under: {
        rfc: { status: 200, body: { roles: { $anyOrder: [{ value: 'member' }, { value: '25' }] } } },
        'role-object': {
          status: 422,
          body: { status: '422', scimType: 'invalidValue', detail: { $contains: '25' } },
          state: [
            { path: '/Users/{{id}}', body: { roles: { $equals: { admin: false, member: true, editor: false } } } },
          ],
        },
      },
    },
  ],
};
