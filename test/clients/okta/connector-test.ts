import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { LIST } from '../urns.ts';

export const sequence: Sequence = {
  title: 'the connector test on an empty tenant',
  source: 'Okta developer docs, SCIM 2.0 reference: retrieve users; import of groups',
  steps: [
    {
      title: 'a user name that nobody has is no error',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100',
        headers: OKTA,
      },
      expect: {
        status: 200,
        body: { schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
      },
    },
    {
      title: 'the first page of users',
      request: { method: 'GET', path: '/Users?startIndex=1&count=100', headers: OKTA },
      expect: { status: 200, body: { schemas: [LIST], totalResults: 0, Resources: [] } },
    },
    {
      title: 'the first page of groups',
      request: { method: 'GET', path: '/Groups?startIndex=1&count=100', headers: OKTA },
      expect: { status: 200, body: { schemas: [LIST], totalResults: 0, Resources: [] } },
    },
    {
      title: 'a wrong token is refused in SCIM form',
      request: {
        method: 'GET',
        path: '/Users?startIndex=1&count=100',
        headers: { ...OKTA, Authorization: 'Bearer nonsense' },
      },
      expect: { status: 401, body: { status: '401' } },
    },
  ],
};
