import { PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

const APPLICATION_JSON = { ...PLAIN_JSON, Accept: 'application/scim+json' };

export const sequence: Sequence = {
  title: 'Keycloak: plain JSON, booleans as lower-case text, relative $ref, clearing by a null value',
  source: 'mitodl/keycloak-scim, Captain-P-Goldfish/SCIM-SDK',
  steps: [
    {
      title: 'a user; the e-mail has neither type nor primary',
      request: {
        method: 'POST',
        path: '/Users',
        headers: APPLICATION_JSON,
        body: {
          schemas: [USER],
          externalId: 'kc-1',
          userName: 'ada',
          displayName: 'Ada',
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          emails: [{ value: 'ada@example.com' }],
          active: true,
          roles: [{ value: 'admin' }],
        },
      },
      expect: { status: 201, body: { emails: [{ $equals: { value: 'ada@example.com' } }] } },
      under: {
        rfc: { body: { roles: [{ value: 'admin' }] } },
        'role-object': { body: { roles: { $equals: { admin: true, member: false, editor: false } } } },
      },
      save: { user: 'id' },
    },
    {
      title: 'is updated in PATCH mode',
      request: {
        method: 'PATCH',
        path: '/Users/{{user}}',
        headers: APPLICATION_JSON,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', path: 'active', value: 'false' },
            { op: 'replace', path: 'userName', value: 'ada.l' },
            { op: 'replace', path: 'emails', value: [{ value: 'ada.l@example.com' }] },
          ],
        },
      },
      expect: {
        status: 200,
        body: { active: false, userName: 'ada.l', emails: [{ value: 'ada.l@example.com' }] },
      },
    },
    {
      title: 'is updated by an old SDK: single values as arrays',
      request: {
        method: 'PATCH',
        path: '/Users/{{user}}',
        headers: APPLICATION_JSON,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', path: 'displayName', value: ['Ada L'] },
            { op: 'replace', path: 'active', value: ['true'] },
            { op: 'replace', path: 'name.givenName', value: ['Augusta'] },
          ],
        },
      },
      expect: {
        status: 200,
        state: [
          { path: '/Users/{{user}}', body: { displayName: 'Ada L', active: true, name: { givenName: 'Augusta' } } },
        ],
      },
    },
    {
      title: 'a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: APPLICATION_JSON,
        body: { schemas: [GROUP], externalId: 'kg-1', displayName: 'engineers' },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'gets members with a relative $ref, a name and an externalId in one PATCH',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: APPLICATION_JSON,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'replace', path: 'members', value: [{ value: '{{user}}', $ref: 'Users/{{user}}' }] },
            { op: 'replace', path: 'displayName', value: 'Engineers' },
            { op: 'replace', path: 'externalId', value: 'kg-2' },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [
          {
            path: '/Groups/{{group}}',
            body: {
              displayName: 'Engineers',
              externalId: 'kg-2',
              members: [{ value: '{{user}}', $ref: { $contains: '://', $noneOf: ['Users/{{user}}'] } }],
            },
          },
        ],
      },
    },
    {
      title: 'is emptied by a remove with a null value',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: APPLICATION_JSON,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members', value: null }] },
      },
      expect: { status: [200, 204], state: [{ path: '/Groups/{{group}}', body: { members: { $absent: true } } }] },
    },
    {
      title: 'import reads all pages',
      request: { method: 'GET', path: '/Groups', headers: APPLICATION_JSON },
      expect: { status: 200, body: { totalResults: 1 } },
    },
    {
      title: 'the group is deleted, with a content type and no body',
      request: { method: 'DELETE', path: '/Groups/{{group}}', headers: APPLICATION_JSON },
      expect: { status: 204 },
    },
  ],
};
