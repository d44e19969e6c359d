import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { LIST, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'import of more users than fit a page',
  source: 'Okta developer docs, SCIM 2.0 reference: retrieve users with startIndex and count',
  steps: [
    {
      title: '123 users',
      times: 123,
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: { schemas: [USER], userName: 'user{{n}}@okta.local', name: { givenName: 'U', familyName: 'N{{n}}' } },
      },
      expect: { status: 201 },
    },
    {
      title: 'the first page is full',
      request: { method: 'GET', path: '/Users?startIndex=1&count=100', headers: OKTA },
      expect: {
        status: 200,
        body: { schemas: [LIST], totalResults: 123, startIndex: 1, itemsPerPage: 100, Resources: { $length: 100 } },
      },
      save: { first: 'Resources', firstIds: 'Resources.*.id' },
    },
    {
      title: 'the second page holds the rest, and nobody of the first',
      request: { method: 'GET', path: '/Users?startIndex=101&count=100', headers: OKTA },
      expect: {
        status: 200,
        body: {
          totalResults: 123,
          startIndex: 101,
          itemsPerPage: 23,
          Resources: { $length: 23, $each: { id: { $noneOf: '{{firstIds}}' } } },
        },
      },
      save: { last: 'Resources.22.id' },
    },
    {
      title: 'a user changes meanwhile',
      request: {
        method: 'PATCH',
        path: '/Users/{{last}}',
        headers: OKTA,
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', value: { active: false } }],
        },
      },
      expect: { status: 200 },
    },
    {
      title: 'the first page is the same as before',
      request: { method: 'GET', path: '/Users?startIndex=1&count=100', headers: OKTA },
      expect: { status: 200, body: { Resources: { $equals: '{{first}}' } } },
    },
    {
      title: 'the page after the last is empty',
      request: { method: 'GET', path: '/Users?startIndex=201&count=100', headers: OKTA },
      expect: { status: 200, body: { totalResults: 123, startIndex: 201, itemsPerPage: 0, Resources: [] } },
    },
  ],
};
