import { BARE, PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { USER } from '../urns.ts';

const LOOK_UP = '/Users?filter=externalId%20eq%20%22auth0%7C507f1f77bcf86cd799439011%22';

export const sequence: Sequence = {
  title: 'Auth0: an externalId with a bar in it, PUT after a look-up',
  source: 'auth0/docs-v2, customize/events/send-outbound-scim',
  steps: [
    {
      title: 'nobody yet; the list has Resources all the same',
      request: { method: 'GET', path: LOOK_UP, headers: BARE },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: 'created',
      request: {
        method: 'POST',
        path: '/Users',
        headers: PLAIN_JSON,
        body: {
          schemas: [USER],
          externalId: 'auth0|507f1f77bcf86cd799439011',
          userName: "o'hara+test@example.com",
          active: true,
        },
      },
      expect: { status: 201, within: 1500, body: { id: { $type: 'string' } } },
    },
    {
      title: 'found',
      request: { method: 'GET', path: LOOK_UP, headers: BARE },
      expect: { status: 200, body: { totalResults: 1 } },
      save: { id: 'Resources.0.id' },
    },
    {
      title: 'replaced',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: PLAIN_JSON,
        body: {
          schemas: [USER],
          externalId: 'auth0|507f1f77bcf86cd799439011',
          userName: "o'hara+test@example.com",
          displayName: 'O’Hara',
          active: false,
        },
      },
      expect: { status: 200, within: 1500, body: { displayName: 'O’Hara', active: false } },
      under: {
        'role-object': { state: [{ path: '/Users/auth0%7C507f1f77bcf86cd799439011', body: { id: '{{id}}' } }] },
        rfc: { state: [{ path: '/Users/auth0%7C507f1f77bcf86cd799439011', status: 404 }] },
      },
    },
    {
      title: 'found by a userName with an apostrophe and a plus',
      request: {
        method: 'GET',
        path: "/Users?filter=userName%20eq%20%22o'hara%2Btest%40example.com%22",
        headers: BARE,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{id}}' }] } },
    },
    {
      title: 'deleted',
      request: { method: 'DELETE', path: '/Users/{{id}}', headers: BARE },
      expect: { status: 204 },
    },
  ],
};
