import { POSTMAN } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: "Microsoft's Postman collection: groups",
  source: 'AzureAD/SCIMReferenceCode, PostmanCollection.json',
  steps: [
    people(2),
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: POSTMAN,
        body: { schemas: [GROUP], externalId: 'GroupTest', DisplayName: 'Group1DisplayName', members: [] },
      },
      expect: { status: 201, body: { displayName: 'Group1DisplayName' } },
      save: { group: 'id' },
    },
    {
      title: 'a member is added by a named operation, displayName beside value',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { name: 'addMember', op: 'add', path: 'members', value: [{ displayName: 'new User', value: '{{user1}}' }] },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{user1}}', displayName: { $absent: true } }] } },
        ],
      },
    },
    {
      title: 'a member is added as a plain string',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'Add', path: 'members', value: '{{user2}}' }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $length: 2 } } }] },
    },
    {
      title: 'a member is removed by a filter',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }] },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user2}}' }] } }],
      },
    },
    {
      title: 'all are removed',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members' }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }] },
    },
    {
      title: 'an array of plain strings is added',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'Add', path: 'members', value: ['{{user1}}', '{{user2}}'] }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $length: 2 } } }] },
    },
    {
      title: 'a PUT without members clears them',
      request: {
        method: 'PUT',
        path: '/Groups/{{group}}',
        headers: POSTMAN,
        body: { schemas: [GROUP], displayName: 'putName' },
      },
      expect: {
        status: 200,
        body: { displayName: 'putName', externalId: { $absent: true } },
        state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }],
      },
    },
    {
      title: 'members are left out on demand, after a slash',
      request: {
        method: 'GET',
        path: '/Groups/?excludedAttributes=members&filter=DisplayName+eq+putName',
        headers: POSTMAN,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ members: { $absent: true } }] } },
    },
    {
      title: 'deleted',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: POSTMAN },
      expect: { status: 204 },
    },
  ],
};
