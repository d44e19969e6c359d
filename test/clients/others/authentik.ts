import { AUTHENTIK } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title:
    'authentik: discovery, create, the conflict with an unquoted look-up, whole-resource PATCH, members one by one',
  source: 'goauthentik/authentik, providers/scim/clients; issues #16455, #16677, #23950',
  steps: [
    {
      title: 'the configuration must satisfy its model',
      request: { method: 'GET', path: '/ServiceProviderConfig', headers: AUTHENTIK },
      expect: {
        status: 200,
        body: {
          patch: { supported: true },
          bulk: { supported: { $type: 'boolean' }, maxOperations: { $type: 'integer', $noneOf: [0] } },
          filter: { supported: true, maxResults: { $type: 'integer' } },
          changePassword: { supported: { $type: 'boolean' } },
          sort: { supported: { $type: 'boolean' } },
          authenticationSchemes: { $type: 'array' },
        },
      },
    },
    {
      title: 'a user without a real name',
      request: {
        method: 'POST',
        path: '/Users',
        headers: AUTHENTIK,
        body: {
          schemas: [USER],
          userName: 'jdoe',
          name: { formatted: ' ', familyName: ' ', givenName: '' },
          displayName: '',
          active: true,
          emails: [],
          externalId: 'b4f3c1d2e5a6978812345678',
        },
      },
      expect: { status: 201, body: { id: { $type: 'string' }, userName: 'jdoe', emails: { $absent: true } } },
      save: { user: 'id' },
    },
    {
      title: 'is created again',
      request: { method: 'POST', path: '/Users', headers: AUTHENTIK, body: { schemas: [USER], userName: 'jdoe' } },
      expect: { status: 409, body: { scimType: 'uniqueness' } },
    },
    {
      title: 'and therefore looked up, unquoted and with + for spaces',
      request: { method: 'GET', path: '/Users?filter=userName+eq+jdoe', headers: AUTHENTIK },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{user}}' }] } },
    },
    {
      title: 'is updated with the whole resource, schemas and id included',
      request: {
        method: 'PATCH',
        path: '/Users/{{user}}',
        headers: AUTHENTIK,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'replace',
              path: null,
              value: {
                schemas: [USER],
                id: '{{user}}',
                externalId: 'b4f3c1d2e5a6978812345678',
                userName: 'jdoe',
                name: { formatted: 'J Doe', familyName: 'Doe', givenName: 'J' },
                displayName: 'J Doe',
                active: true,
                emails: [{ value: 'jdoe@example.com', type: 'other', primary: true }],
              },
            },
          ],
        },
      },
      expect: {
        status: 200,
        state: [
          { path: '/Users/{{user}}', body: { id: '{{user}}', name: { familyName: 'Doe' }, emails: { $length: 1 } } },
        ],
      },
    },
    {
      title: 'a group without members',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: AUTHENTIK,
        body: { schemas: [GROUP], externalId: 'g-1', displayName: 'authentik Admins' },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'is updated with its id in the value',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: AUTHENTIK,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'replace',
              path: null,
              value: { schemas: [GROUP], id: '{{group}}', externalId: 'g-1', displayName: 'authentik admins' },
            },
          ],
        },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { displayName: 'authentik admins' } }] },
    },
    {
      title: 'gets a member',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: AUTHENTIK,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value: [{ value: '{{user}}' }] }] },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user}}' }] } }],
      },
    },
    {
      title: 'loses it',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: AUTHENTIK,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'remove', path: 'members[value eq "{{user}}"]', value: null }],
        },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }] },
    },
    {
      title: 'discovery goes on without count',
      request: { method: 'GET', path: '/Users?startIndex=2', headers: AUTHENTIK },
      expect: { status: 200, body: { totalResults: 1, startIndex: 2, Resources: [] } },
    },
    {
      title: 'the user is deleted',
      request: { method: 'DELETE', path: '/Users/{{user}}', headers: AUTHENTIK },
      expect: { status: 204 },
    },
  ],
};
