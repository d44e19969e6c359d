import { OKTA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

const rename = (displayName: string) => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', value: { id: '{{group}}', displayName } }],
});

export const sequence: Sequence = {
  title: 'group push: the rename that comes with every membership change, with the id in its value',
  source: 'Okta developer docs, SCIM 2.0 reference: update a specific group name',
  steps: [
    people(1),
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Before', members: [{ value: '{{user1}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id', version: 'meta.version' },
    },
    {
      title: 'is renamed',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: rename('After') },
      expect: {
        status: 200,
        body: { id: '{{group}}', displayName: 'After', meta: { version: { $noneOf: ['{{version}}'] } } },
        state: [
          { path: '/Groups/{{group}}', body: { displayName: 'After', members: [{ value: '{{user1}}' }] } },
          { path: '/Groups?filter=displayName%20eq%20%22Before%22', body: { totalResults: 0 } },
          { path: '/Groups?filter=displayName%20eq%20%22After%22', body: { totalResults: 1 } },
          { path: '/Users/{{user1}}', body: { groups: [{ value: '{{group}}', display: 'After' }] } },
        ],
      },
      save: { renamed: 'meta.version' },
    },
    {
      title: 'the same name again changes nothing',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: rename('After') },
      expect: {
        status: 200,
        body: { displayName: 'After' },
        state: [{ path: '/Groups/{{group}}', body: { meta: { version: '{{renamed}}' } } }],
      },
    },
    {
      title: 'another letter case is a change',
      request: { method: 'PATCH', path: '/Groups/{{group}}', headers: OKTA, body: rename('AFTER') },
      expect: { status: 200, state: [{ path: '/Groups/{{group}}', body: { displayName: 'AFTER' } }] },
    },
  ],
};
