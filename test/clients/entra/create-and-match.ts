import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, USER } from '../urns.ts';

const FOUND = { totalResults: 1, Resources: [{ id: '{{id}}', userName: 'ada@contoso.example' }] };

export const sequence: Sequence = {
  title: 'create with nulls, meta and an empty roles array, then match and re-read',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups; OctopusDeploy/Issues#9841',
  steps: [
    {
      title: 'the user is created',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: {
          schemas: [USER, ENT],
          externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
          userName: 'ada@contoso.example',
          active: true,
          displayName: 'Ada',
          emails: [{ primary: true, type: 'work', value: 'ada@contoso.example' }],
          meta: { resourceType: 'User' },
          name: { formatted: 'Ada L', familyName: 'L', givenName: 'Ada' },
          roles: [],
          addresses: null,
          phoneNumbers: null,
          title: null,
          [ENT]: { department: null, manager: null },
        },
      },
      expect: {
        status: 201,
        body: {
          schemas: { $contains: USER },
          id: { $type: 'string' },
          externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
          userName: 'ada@contoso.example',
          active: true,
          displayName: 'Ada',
          emails: [{ primary: true, type: 'work', value: 'ada@contoso.example' }],
          name: { formatted: 'Ada L', familyName: 'L', givenName: 'Ada' },
          addresses: { $absent: true },
          phoneNumbers: { $absent: true },
          title: { $absent: true },
          [ENT]: { $absent: true },
          meta: { resourceType: 'User' },
        },
      },
      under: {
        rfc: { body: { roles: { $absent: true } } },
        // RFC 7644 §3.3: an explicit empty array clears the default.
        'role-object': { body: { roles: { $equals: { admin: false, member: false, editor: false } } } },
      },
      save: { id: 'id' },
    },
    {
      title: 'is matched by userName',
      request: { method: 'GET', path: '/Users?filter=userName%20eq%20%22ada%40contoso.example%22', headers: ENTRA },
      expect: { status: 200, body: FOUND },
    },
    {
      title: 'is matched by externalId',
      request: {
        method: 'GET',
        path: '/Users?filter=externalId+eq+%220a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: FOUND },
    },
    {
      title: 'is matched by work e-mail, in another letter case',
      request: {
        method: 'GET',
        path: '/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ADA%40contoso.example%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: FOUND },
    },
    {
      title: 'is not matched by home e-mail',
      request: {
        method: 'GET',
        path: '/Users?filter=emails%5Btype+eq+%22home%22%5D.value+eq+%22ada%40contoso.example%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: 'is matched without quotes, as the documentation has it',
      request: {
        method: 'GET',
        path: '/Users?filter=externalId eq 0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef'.replaceAll(' ', '%20'),
        headers: ENTRA,
      },
      expect: { status: 200, body: FOUND },
    },
    {
      title: 'is matched by two attributes',
      request: {
        method: 'GET',
        path: '/Users?filter=userName+eq+%22ada%40contoso.example%22+and+externalId+eq+%220a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: FOUND },
    },
    {
      title: 'is read again',
      request: { method: 'GET', path: '/Users/{{id}}', headers: ENTRA },
      expect: { status: 200, body: { id: '{{id}}', externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef' } },
      under: {
        rfc: { state: [{ path: '/Users/0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', status: 404 }] },
        'role-object': { state: [{ path: '/Users/0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', body: { id: '{{id}}' } }] },
      },
    },
    {
      title: 'one that is gone',
      request: { method: 'GET', path: '/Users/0193f3a0-0000-7000-8000-000000000000', headers: ENTRA },
      expect: { status: 404, body: { status: '404' } },
    },
  ],
};
