import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, MICROSOFT_GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'a group from creation to deletion',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups: group operations',
  steps: [
    people(1),
    {
      title: 'is matched by name and not found',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales+%26+Marketing%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: "is created with Microsoft's URN and no members",
      request: {
        method: 'POST',
        path: '/Groups',
        headers: ENTRA_WRITE,
        body: {
          schemas: [GROUP, MICROSOFT_GROUP],
          externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
          displayName: 'Sales & Marketing',
          meta: { resourceType: 'Group' },
        },
      },
      expect: {
        status: 201,
        body: {
          schemas: [GROUP],
          id: { $type: 'string' },
          externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
          displayName: 'Sales & Marketing',
          members: { $absent: true },
        },
      },
      save: { group: 'id' },
    },
    {
      title: 'is matched by externalId',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=externalId+eq+%228aa1a0c0-c4c3-4bc0-b4a5-2ef676900159%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{group}}', members: { $absent: true } }] } },
    },
    {
      title: 'gets a member',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'Add', path: 'members', value: [{ $ref: null, value: '{{user1}}' }] }],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user1}}' }] } }],
      },
    },
    {
      title: 'is read without members',
      request: { method: 'GET', path: '/Groups/{{group}}?excludedAttributes=members', headers: ENTRA },
      expect: { status: 200, body: { id: '{{group}}', displayName: 'Sales & Marketing', members: { $absent: true } } },
      under: {
        rfc: { state: [{ path: '/Groups/8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159', status: 404 }] },
        'role-object': {
          state: [{ path: '/Groups/8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159', body: { id: '{{group}}' } }],
        },
      },
    },
    {
      title: 'is renamed by path',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'Replace', path: 'displayName', value: '1879db59-3bdf' }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { displayName: '1879db59-3bdf' } }] },
    },
    {
      title: 'is renamed without path',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { displayName: 'Sales' } }] },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { displayName: 'Sales', members: [{ value: '{{user1}}' }] } }],
      },
    },
    {
      title: 'is deleted',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: ENTRA },
      expect: {
        status: 204,
        state: [
          { path: '/Groups/{{group}}', status: 404 },
          { path: '/Users/{{user1}}', body: { groups: { $absent: true } } },
        ],
      },
    },
  ],
};
