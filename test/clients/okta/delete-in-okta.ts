import { OKTA } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: 'a user deleted in Okta: deactivated before, then nothing more is sent',
  source: 'Okta developer docs, SCIM concepts: Okta never sends DELETE /Users',
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
          externalId: '00u1',
          groups: [],
          password: 'x1',
          active: true,
        },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'in a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: OKTA,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{id}}', display: 'ada@okta.local' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'is deactivated and stays where it was',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: OKTA,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
      },
      expect: {
        status: 200,
        state: [
          { path: '/Users/{{id}}', body: { active: false, groups: [{ value: '{{group}}' }] } },
          { path: '/Users?startIndex=1&count=100', body: { totalResults: 1, Resources: [{ active: false }] } },
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{id}}' }] } },
        ],
      },
    },
  ],
};
