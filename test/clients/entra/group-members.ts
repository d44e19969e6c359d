import type { JsonValue } from '../../../src/schema/json.ts';
import { ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence, Step } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

function patch(title: string, operations: JsonValue[], members: string[]): Step {
  const left = members.length === 0 ? { $absent: true } : { $anyOrder: members.map((value) => ({ value })) };
  return {
    title,
    request: {
      method: 'PATCH',
      path: '/Groups/{{group}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations: operations },
    },
    expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: left } }] },
  };
}

export const sequence: Sequence = {
  title: 'members added and removed in the three shapes',
  source: 'MicrosoftDocs/entra-docs, application-provisioning-config-problem-scim-compatibility; PostHog/posthog#47480',
  steps: [
    people(4),
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: ENTRA_WRITE,
        body: { schemas: [GROUP], externalId: 'g1', displayName: 'Engineers' },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    patch(
      'several are added at once, $ref null',
      [
        {
          op: 'Add',
          path: 'members',
          value: [
            { $ref: null, value: '{{user1}}' },
            { $ref: null, value: '{{user2}}' },
            { $ref: null, value: '{{user3}}' },
          ],
        },
      ],
      ['{{user1}}', '{{user2}}', '{{user3}}'],
    ),
    patch(
      'one is added that is there already, and one more',
      [
        { op: 'Add', path: 'members', value: [{ $ref: null, value: '{{user1}}' }] },
        { op: 'Add', path: 'members', value: [{ $ref: null, value: '{{user4}}' }] },
      ],
      ['{{user1}}', '{{user2}}', '{{user3}}', '{{user4}}'],
    ),
    patch(
      'without the flag: removal by a value array takes only those listed',
      [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: '{{user1}}' }] }],
      ['{{user2}}', '{{user3}}', '{{user4}}'],
    ),
    patch(
      'the same again: no member, no error',
      [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: '{{user1}}' }] }],
      ['{{user2}}', '{{user3}}', '{{user4}}'],
    ),
    patch(
      'with the flag: removal by value path',
      [{ op: 'remove', path: 'members[value eq "{{user2}}"]' }],
      ['{{user3}}', '{{user4}}'],
    ),
    patch(
      'removal by value path again',
      [{ op: 'remove', path: 'members[value eq "{{user2}}"]' }],
      ['{{user3}}', '{{user4}}'],
    ),
    patch('removal without value takes all', [{ op: 'Remove', path: 'members' }], []),
    patch(
      'several operations on the same member go in order: added and removed',
      [
        { op: 'Add', path: 'members', value: [{ value: '{{user1}}' }] },
        { op: 'Remove', path: 'members', value: [{ value: '{{user1}}' }] },
        { op: 'Remove', path: 'members[value eq "{{user2}}"]' },
        { op: 'Add', path: 'members', value: [{ value: '{{user2}}' }] },
      ],
      ['{{user2}}'],
    ),
    patch(
      'replaced by one',
      [{ op: 'replace', path: 'members', value: [{ $ref: null, value: '{{user3}}' }] }],
      ['{{user3}}'],
    ),
    patch(
      'added without path',
      [{ op: 'add', value: { members: [{ value: '{{user4}}' }] } }],
      ['{{user3}}', '{{user4}}'],
    ),
  ],
};
