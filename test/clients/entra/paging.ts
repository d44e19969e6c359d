import { ENTRA } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';

export const sequence: Sequence = {
  title: 'account discovery and the paging test',
  source: 'AzureAD/SCIMReferenceCode, Logic App validation template of 2026: paging',
  steps: [
    people(11),
    {
      title: 'everybody in one page',
      request: { method: 'GET', path: '/Users?startIndex=1&count=100', headers: ENTRA },
      expect: { status: 200, body: { totalResults: 11, startIndex: 1, itemsPerPage: 11 } },
      save: { all: 'Resources', sixth: 'Resources.5.id', tenth: 'Resources.9.id' },
    },
    {
      title: 'startIndex comes back as it was asked for',
      request: { method: 'GET', path: '/Users?startIndex=6&count=5', headers: ENTRA },
      expect: {
        status: 200,
        body: {
          totalResults: 11,
          startIndex: 6,
          itemsPerPage: 5,
          Resources: { $length: 5, $each: { $oneOf: '{{all}}' } },
        },
      },
    },
    {
      title: 'and begins with the sixth',
      request: { method: 'GET', path: '/Users?startIndex=6&count=1', headers: ENTRA },
      expect: { status: 200, body: { startIndex: 6, itemsPerPage: 1, Resources: [{ id: '{{sixth}}' }] } },
    },
    {
      title: 'up to the tenth',
      request: { method: 'GET', path: '/Users?startIndex=10&count=1', headers: ENTRA },
      expect: { status: 200, body: { Resources: [{ id: '{{tenth}}' }] } },
    },
    {
      title: 'the last page is short',
      request: { method: 'GET', path: '/Users?startIndex=11&count=5', headers: ENTRA },
      expect: { status: 200, body: { totalResults: 11, startIndex: 11, itemsPerPage: 1 } },
    },
    {
      title: 'the first token is tried',
      request: { method: 'GET', path: '/Users?startIndex=1&count=1', headers: ENTRA },
      expect: { status: 200, body: { totalResults: 11, itemsPerPage: 1 } },
    },
  ],
};
