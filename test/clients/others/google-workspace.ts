import { BARE_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { USER } from '../urns.ts';

const headers = { ...BARE_WRITE, Accept: 'application/json' };

export const sequence: Sequence = {
  title: 'Google Workspace: a SCIM 1.1 URN beside the 2.0 one, startIndex without count',
  source: 'grokability/snipe-it#12642; Google Workspace admin help',
  steps: [
    {
      title: 'connection check without parameters',
      request: { method: 'GET', path: '/Users', headers },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: 'look-up',
      request: { method: 'GET', path: '/Users?filter=userName%20eq%20%22a%40example.com%22&startIndex=1', headers },
      expect: { status: 200, body: { totalResults: 0, startIndex: 1, Resources: [] } },
    },
    {
      title: 'create; core attributes come back flat',
      request: {
        method: 'POST',
        path: '/Users',
        headers,
        body: {
          schemas: ['urn:scim:schemas:core:1.0', USER],
          userName: 'a@example.com',
          displayName: 'A',
          name: { givenName: 'A', familyName: 'B' },
          emails: [{ value: 'a@example.com', type: 'work', primary: true }],
          active: true,
        },
      },
      expect: {
        status: 201,
        body: { schemas: [USER], userName: 'a@example.com', [USER]: { $absent: true } },
      },
    },
  ],
};
