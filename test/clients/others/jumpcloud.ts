import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'JumpCloud: activation with a test user and a test group, member removal by a value array',
  source: 'jumpcloud.com/support, custom SCIM identity management integration',
  steps: [
    {
      title: 'a test user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: BARE_WRITE,
        body: { schemas: [USER], userName: 'test@jumpcloud.example', name: { givenName: 'Test' }, active: true },
      },
      expect: { status: 201 },
      save: { test: 'id' },
    },
    {
      title: 'a test group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'Test' },
      },
      expect: { status: 201 },
      save: { testGroup: 'id' },
    },
    {
      title: 'the user is deleted',
      request: { method: 'DELETE', path: '/Users/{{test}}', headers: BARE },
      expect: { status: 204 },
    },
    {
      title: 'the group is deleted',
      request: { method: 'DELETE', path: '/Groups/{{testGroup}}', headers: BARE },
      expect: { status: 204 },
    },
    {
      title: 'two users',
      times: 2,
      request: {
        method: 'POST',
        path: '/Users',
        headers: BARE_WRITE,
        body: { schemas: [USER], userName: 'user{{n}}@jumpcloud.example', active: true },
      },
      expect: { status: 201 },
      save: { 'user{{n}}': 'id' },
    },
    {
      title: 'a group of both',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'Both', members: [{ value: '{{user1}}' }, { value: '{{user2}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'one is removed by a value array, the other stays',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: BARE_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members', value: [{ value: '{{user1}}' }] }] },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user2}}' }] } }],
      },
    },
    {
      title: 'deprovisioned',
      request: {
        method: 'PATCH',
        path: '/Users/{{user1}}',
        headers: BARE_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] },
      },
      expect: { status: 200, body: { active: false } },
    },
  ],
};
