import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

const NEW_GROUP = {
  schemas: [GROUP],
  externalId: 'f0a7b0d3-6b0f-4e0b-9d2a-9d3f0f1b8a01',
  displayName: 'JMOEIZVYXFAG',
  members: [],
};

export const sequence: Sequence = {
  title: 'SCIM Validator: groups',
  source: 'pranems/SCIMServer, captured traffic of scimvalidator.microsoft.com',
  steps: [
    people(2),
    {
      title: 'is created',
      request: { method: 'POST', path: '/Groups', headers: ENTRA_WRITE, body: NEW_GROUP },
      expect: { status: 201, body: { displayName: 'JMOEIZVYXFAG' } },
      save: { group: 'id' },
    },
    {
      title: 'is created again',
      request: { method: 'POST', path: '/Groups', headers: ENTRA_WRITE, body: NEW_GROUP },
      expect: {
        status: 409,
        body: { scimType: 'uniqueness' },
        state: [{ path: '/Groups', body: { totalResults: 1 } }],
      },
    },
    {
      title: 'replaced members by path',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'replace', path: 'members', value: [{ value: '{{user1}}' }] }],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { members: [{ value: '{{user1}}' }] } }],
      },
    },
    {
      title: 'found by name, with members',
      request: { method: 'GET', path: '/Groups?filter=displayName+eq+%22JMOEIZVYXFAG%22', headers: ENTRA },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ members: [{ value: '{{user1}}' }] }] } },
    },
    {
      title: 'found by name, without members',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=displayName+eq+%22jmoeizvyxfag%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{group}}', members: { $absent: true } }] } },
    },
    {
      title: 'found by externalId, with members',
      request: {
        method: 'GET',
        path: '/Groups?filter=externalId+eq+%22f0a7b0d3-6b0f-4e0b-9d2a-9d3f0f1b8a01%22',
        headers: ENTRA,
      },
      expect: {
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '{{group}}', members: [{ value: '{{user1}}' }] }] },
      },
    },
    {
      title: 'found by externalId, without members',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=externalId+eq+%22f0a7b0d3-6b0f-4e0b-9d2a-9d3f0f1b8a01%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{group}}', members: { $absent: true } }] } },
    },
    {
      title: 'read without members',
      request: { method: 'GET', path: '/Groups/{{group}}?excludedAttributes=members', headers: ENTRA },
      expect: { status: 200, body: { id: '{{group}}', members: { $absent: true } } },
    },
    {
      title: 'an externalId in other letters is another one',
      request: {
        method: 'GET',
        path: '/Groups?filter=externalId+eq+%22F0A7B0D3-6B0F-4E0B-9D2A-9D3F0F1B8A01%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 0 } },
    },
    {
      title: 'renamed without path, and the externalId with it',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'replace', value: { displayName: 'NNNCLSTVAQUA', externalId: 'other' } }],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { displayName: 'NNNCLSTVAQUA', externalId: 'other' } }],
      },
    },
    {
      title: 'several operations on the same member and the same attribute, in order',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: ENTRA_WRITE,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'remove', path: 'members[value eq "{{user1}}"]' },
            { op: 'add', path: 'members', value: [{ value: '{{user1}}' }] },
            { op: 'add', path: 'members', value: [{ value: '{{user2}}' }] },
            { op: 'remove', path: 'members[value eq "{{user1}}"]' },
            { op: 'replace', path: 'displayName', value: 'one' },
            { op: 'replace', path: 'displayName', value: 'two' },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [{ path: '/Groups/{{group}}', body: { displayName: 'two', members: [{ value: '{{user2}}' }] } }],
      },
    },
    {
      title: 'is deleted',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: ENTRA },
      expect: { status: 204 },
    },
    {
      title: 'is deleted again',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: ENTRA },
      expect: { status: 404 },
    },
  ],
};
