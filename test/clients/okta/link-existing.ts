import { BARE_WRITE, OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'assignment of a user that the app has already',
  source: 'Okta developer docs, SCIM 2.0 reference: retrieve and update users; Okta FAQ on linking by userName',
  steps: [
    {
      title: 'the user was made by somebody else, in another letter case',
      request: {
        method: 'POST',
        path: '/Users',
        headers: BARE_WRITE,
        body: { schemas: [USER], userName: 'Grace.Hopper@Okta.Local', name: { givenName: 'Grace' }, title: 'Admiral' },
      },
      expect: { status: 201, body: { userName: 'Grace.Hopper@Okta.Local' } },
      save: { made: 'id' },
    },
    {
      title: 'the probe finds the user whatever the letter case',
      request: {
        method: 'GET',
        path: '/Users?filter=userName%20eq%20%22grace.hopper%40okta.local%22&startIndex=1&count=100',
        headers: OKTA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{made}}' }] } },
      save: { id: 'Resources.0.id' },
    },
    {
      title: 'the user is read',
      request: { method: 'GET', path: '/Users/{{id}}', headers: OKTA },
      expect: { status: 200, body: { id: '{{id}}' } },
      save: { user: '' },
    },
    {
      title: 'and written back with what Okta knows',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: {
          $fetched: 'user',
          externalId: '00ub0oNGTSWTBKOLGLNR',
          userName: 'grace.hopper@okta.local',
          name: { givenName: 'Grace', familyName: 'Hopper', middleName: '' },
          emails: [
            { primary: true, value: 'grace.hopper@okta.local', type: 'work', display: 'grace.hopper@okta.local' },
          ],
          groups: [],
          active: true,
        },
      },
      expect: {
        status: 200,
        body: {
          id: '{{id}}',
          externalId: '00ub0oNGTSWTBKOLGLNR',
          userName: 'grace.hopper@okta.local',
          name: { givenName: 'Grace', familyName: 'Hopper', middleName: { $absent: true } },
          title: 'Admiral',
          active: true,
        },
        state: [
          { path: '/Users', body: { totalResults: 1 } },
          { path: '/Users/{{id}}', body: { externalId: '00ub0oNGTSWTBKOLGLNR', name: { familyName: 'Hopper' } } },
        ],
      },
    },
  ],
};
