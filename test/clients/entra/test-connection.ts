import { ENTRA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { LIST } from '../urns.ts';

const NONE = { schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };

export const sequence: Sequence = {
  title: 'Test Connection: a random GUID in each matching attribute finds nobody and is no error',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups: 404 or 400 fails the connection',
  steps: [
    {
      title: 'by userName',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%221c0f5e0b-5d5b-4e9a-8d3a-0a1f0e5b3c11%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: NONE },
    },
    {
      title: 'by externalId, with + for spaces',
      request: {
        method: 'GET',
        path: '/Users?filter=externalId+eq+%221c0f5e0b-5d5b-4e9a-8d3a-0a1f0e5b3c11%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: NONE },
    },
    {
      title: 'by work e-mail',
      request: {
        method: 'GET',
        path: '/Users?filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%221c0f5e0b-5d5b-4e9a-8d3a-0a1f0e5b3c11%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: NONE },
    },
    {
      title: 'with the flag in the tenant URL',
      request: {
        method: 'GET',
        path: '/Users?aadOptscim062020&filter=userName+eq+%221c0f5e0b-5d5b-4e9a-8d3a-0a1f0e5b3c11%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: NONE },
    },
    {
      title: 'of groups, by displayName',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=displayName+eq+%221c0f5e0b-5d5b-4e9a-8d3a-0a1f0e5b3c11%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: NONE },
    },
  ],
};
