import { SAILPOINT } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, CHANGED, deleted, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(SAILPOINT, SAILPOINT);
const MIXED = '/Groups/{{group}}';

export const sequence: Sequence = {
  title: 'SailPoint: aggregation of groups, also of one that names strangers, and entitlements given and taken',
  source: 'documentation.sailpoint.com, SCIM 2.0 connectors; BerriAI/litellm#17420',
  steps: [
    people(2),
    // spec/clients.md §10, 4
    post(
      'a group that names somebody who was never provisioned',
      '/Groups',
      { schemas: [GROUP], displayName: 'Mixed', members: [{ value: 'stranger' }, { value: '{{user1}}' }] },
      { status: 201, body: { members: { $contains: { value: '{{user1}}' } } } },
      { save: { group: 'id' } },
    ),
    // §10, 1
    get('aggregation of groups', '/Groups?startIndex=1&count=100', {
      status: 200,
      body: { totalResults: 1, Resources: [{ id: '{{group}}', members: { $contains: { value: '{{user1}}' } } }] },
    }),
    patch(
      'an entitlement is given',
      MIXED,
      [{ op: 'add', path: 'members', value: [{ value: '{{user2}}' }] }],
      shows(MIXED, { members: { $contains: { value: '{{user2}}' } } }, CHANGED),
    ),
    get('the account shows it', '/Users/{{user2}}', {
      status: 200,
      body: { groups: [{ value: '{{group}}', display: 'Mixed' }] },
    }),
    patch(
      'and taken',
      MIXED,
      [{ op: 'remove', path: 'members[value eq "{{user2}}"]' }],
      shows(MIXED, { members: { $lacks: { value: '{{user2}}' } } }, CHANGED),
    ),
    get('the account shows that too', '/Users/{{user2}}', { status: 200, body: { groups: ABSENT } }),
    patch(
      'renamed',
      MIXED,
      [{ op: 'replace', path: 'displayName', value: 'Sorted' }],
      shows(MIXED, { displayName: 'Sorted', members: { $length: 1 } }, CHANGED),
    ),
    // §10, 4: a member that is deleted leaves a group that can still be aggregated.
    remove(
      'a member is deleted',
      '/Users/{{user1}}',
      deleted('/Users/{{user1}}', { path: MIXED, body: { members: ABSENT } }),
    ),
    remove('the group is deleted', MIXED, deleted(MIXED)),
  ],
};
