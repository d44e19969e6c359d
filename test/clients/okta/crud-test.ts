import { OKTA, OKTA_SPEC_GET } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { PATCH_OP, USER } from '../urns.ts';

const BY_NAME = '/Users?filter=userName%20eq%20%22crud.test%40atko.com%22';

export const sequence: Sequence = {
  title: 'the SCIM 2.0 CRUD test: what Okta does and what the collection then looks up',
  source: 'okta/okta-developer-docs, Okta-SCIM-20-CRUD-Test.json',
  steps: [
    {
      title: 'Okta creates the user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: OKTA,
        body: {
          schemas: [USER],
          userName: 'crud.test@atko.com',
          name: { givenName: 'Crud', familyName: 'Test' },
          emails: [{ primary: true, value: 'crud.test@atko.com', type: 'work' }],
          displayName: 'Crud Test',
          locale: 'en-US',
          externalId: '00u2',
          groups: [],
          password: 'zD3kk2Jq',
          active: true,
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'the user is found by name',
      request: { method: 'GET', path: BY_NAME, headers: OKTA_SPEC_GET },
      expect: {
        status: 200,
        body: {
          Resources: [
            {
              id: '{{id}}',
              userName: 'crud.test@atko.com',
              name: { givenName: 'Crud', familyName: 'Test' },
              emails: [{ value: 'crud.test@atko.com' }],
            },
          ],
        },
      },
      save: { user: 'Resources.0' },
    },
    {
      title: 'Okta changes the first name',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { $fetched: 'user', name: { givenName: 'Updated', middleName: '', familyName: 'Test' } },
      },
      expect: { status: 200, state: [{ path: '/Users/{{id}}', body: { name: { givenName: 'Updated' } } }] },
    },
    {
      title: 'Okta deactivates the user',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: { status: 200, state: [{ path: '/Users/{{id}}', body: { active: false } }] },
    },
    {
      title: 'Okta reactivates the user',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: true } }] },
      },
      expect: {
        status: 200,
        state: [{ path: '/Users/{{id}}', body: { active: true, name: { givenName: 'Updated' } } }],
      },
    },
    {
      title: 'the user is unassigned from the app',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: {
        status: 200,
        state: [
          { path: '/Users/{{id}}', body: { active: false } },
          { path: BY_NAME, body: { totalResults: 1, Resources: [{ active: false }] } },
        ],
      },
    },
  ],
};
