import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'SailPoint: aggregation by pages, a complex replace that merges, groups that name strangers',
  source: 'documentation.sailpoint.com, SCIM 2.0 connector; SCIM-SDK#327, BerriAI/litellm#17420',
  steps: [
    people(3),
    {
      title: 'aggregation, page by page',
      request: { method: 'GET', path: '/Users?startIndex=1&count=2', headers: BARE },
      expect: { status: 200, body: { totalResults: 3, itemsPerPage: 2 } },
    },
    {
      title: 'a replace of name with one part keeps the others',
      request: {
        method: 'PATCH',
        path: '/Users/{{user1}}',
        headers: BARE_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'name', value: { givenName: 'Augusta' } }] },
      },
      expect: { status: 200, body: { name: { $equals: { givenName: 'Augusta', familyName: '1' } } } },
    },
    {
      title: 'an extension object without path merges too',
      request: {
        method: 'PATCH',
        path: '/Users/{{user1}}',
        headers: BARE_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', value: { [ENT]: { department: 'Research', division: 'Sums' } } },
            { op: 'replace', value: { [ENT]: { department: 'Engines' } } },
          ],
        },
      },
      expect: { status: 200, body: { [ENT]: { $equals: { department: 'Engines', division: 'Sums' } } } },
    },
    {
      title: 'a group that names somebody who was never provisioned',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: BARE_WRITE,
        body: { schemas: [GROUP], displayName: 'Mixed', members: [{ value: 'stranger' }, { value: '{{user1}}' }] },
      },
      expect: { status: 201 },
    },
    {
      title: 'aggregation of groups',
      request: { method: 'GET', path: '/Groups?startIndex=1&count=100', headers: BARE },
      expect: {
        status: 200,
        body: { totalResults: 1, Resources: [{ members: { $contains: { value: '{{user1}}' } } }] },
      },
    },
  ],
};
