import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'PingFederate: odd case in filters, disabled users, all groups read',
  source: 'docs.pingidentity.com, SCIM integrations; pingidentity/scim2#239',
  steps: [
    people(1),
    {
      title: 'operator and attribute in odd case',
      request: { method: 'GET', path: '/Users?filter=username%20Eq%20%22person1%40example.com%22', headers: BARE },
      expect: { status: 200, body: { totalResults: 1 } },
    },
    {
      title: 'an attribute that SCIM does not have',
      request: { method: 'GET', path: '/Users?filter=email%20Co%20%22person1%22', headers: BARE },
      expect: { status: 400, body: { scimType: 'invalidFilter', detail: { $contains: 'email' } } },
    },
    {
      title: 'a disabled user is provisioned',
      request: {
        method: 'POST',
        path: '/Users',
        headers: BARE_WRITE,
        body: { schemas: [USER], userName: 'off@example.com', active: false },
      },
      expect: { status: 201, body: { active: false } },
    },
    {
      title: 'three groups',
      times: 3,
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'Group {{n}}' },
      },
      expect: { status: 201 },
      save: { 'group{{n}}': 'id' },
    },
    {
      title: 'all groups are read',
      request: { method: 'GET', path: '/Groups', headers: BARE },
      expect: { status: 200, body: { totalResults: 3, itemsPerPage: 3 } },
    },
    {
      title: 'one is changed',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group2}}',
        headers: BARE_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }] }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group2}}', body: { members: { $length: 1 } } }] },
    },
  ],
};
