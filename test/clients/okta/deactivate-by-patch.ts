import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'deactivation and reactivation by PATCH without path',
  source: 'Okta developer docs, SCIM 2.0 reference: update a specific user (PATCH)',
  steps: [
    {
      title: 'a user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: {
          schemas: [USER],
          userName: 'ada@okta.local',
          name: { givenName: 'Ada', familyName: 'Lovelace' },
          emails: [{ primary: true, value: 'ada@okta.local', type: 'work' }],
          externalId: '00u1',
          groups: [],
          password: 'kj4hK2h5',
          active: true,
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'is deactivated',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: {
        status: 200,
        body: { id: '{{id}}', active: false, userName: 'ada@okta.local' },
        state: [
          { path: '/Users/{{id}}', body: { active: false, name: { familyName: 'Lovelace' } } },
          { path: '/Users?filter=userName%20eq%20%22ada%40okta.local%22', body: { Resources: [{ active: false }] } },
          { path: '/Users?startIndex=1&count=100', body: { totalResults: 1 } },
        ],
      },
    },
    {
      title: 'a create of the same name does not bring the user back',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: { schemas: [USER], userName: 'ADA@okta.local', active: true },
      },
      expect: {
        status: 409,
        body: { scimType: 'uniqueness' },
        state: [{ path: '/Users/{{id}}', body: { active: false } }],
      },
    },
    {
      title: 'is deactivated again, without effect',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: { status: 200, body: { active: false } },
    },
    {
      title: 'is reactivated',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: true } }] },
      },
      expect: {
        status: 200,
        body: { active: true },
        state: [{ path: '/Users/{{id}}', body: { active: true, externalId: '00u1' } }],
      },
    },
    {
      title: 'an id that is not there',
      request: {
        method: 'PATCH',
        path: '/Users/00u000000000000000',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: { status: 404, body: { status: '404' } },
    },
  ],
};
