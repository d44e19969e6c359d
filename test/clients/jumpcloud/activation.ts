import { BARE, BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, NOBODY, speaking } from '../speaking.ts';
import { GROUP, USER } from '../urns.ts';

const { get, post, remove } = speaking(BARE, BARE_WRITE);

export const sequence: Sequence = {
  title: 'JumpCloud: activation with a test user and a test group, both deleted afterwards',
  source: 'jumpcloud.com/support, custom SCIM identity management integration',
  steps: [
    // spec/clients.md §8, 1. The administrator names the address of the test user.
    post(
      'a test user',
      '/Users',
      { schemas: [USER], userName: 'test@jumpcloud.example', name: { givenName: 'Test' }, active: true },
      { status: 201 },
      { save: { test: 'id' } },
    ),
    post(
      'a test group',
      '/Groups',
      { schemas: [GROUP], displayName: 'Test' },
      { status: 201 },
      { save: { group: 'id' } },
    ),
    remove('the user is deleted', '/Users/{{test}}', deleted('/Users/{{test}}')),
    remove('the group is deleted', '/Groups/{{group}}', deleted('/Groups/{{group}}')),
    get('nothing is left of it', '/Users', NOBODY),
    // Activating again must find the names free.
    post(
      'activated again',
      '/Users',
      { schemas: [USER], userName: 'test@jumpcloud.example', name: { givenName: 'Test' }, active: true },
      { status: 201 },
    ),
    post('activated again', '/Groups', { schemas: [GROUP], displayName: 'Test' }, { status: 201 }),
  ],
};
