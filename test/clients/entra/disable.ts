import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP, USER } from '../urns.ts';

const setActive = (op: string, value: string | boolean) => ({
  schemas: [PATCH_OP],
  Operations: [{ op, path: 'active', value }],
});

export const sequence: Sequence = {
  title: 'disable with "False" and with false, soft delete and restore with the memberships kept',
  source: 'MicrosoftDocs/entra-docs, application-provisioning-config-problem-scim-compatibility and known-issues',
  steps: [
    {
      title: 'a user',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER], externalId: 'e1', userName: 'ada@contoso.example', active: true },
      },
      expect: { status: 201 },
      save: { id: 'id' },
    },
    {
      title: 'in a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: ENTRA_WRITE,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{id}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'is disabled with the text "False"',
      request: { method: 'PATCH', path: '/Users/{{id}}', headers: ENTRA_WRITE, body: setActive('Replace', 'False') },
      expect: { status: 200, body: { active: false }, state: [{ path: '/Users/{{id}}', body: { active: false } }] },
    },
    {
      title: 'is still returned when re-read, matched and listed',
      request: { method: 'GET', path: '/Users/{{id}}', headers: ENTRA },
      expect: {
        status: 200,
        body: { active: false, externalId: 'e1', groups: [{ value: '{{group}}' }] },
        state: [
          { path: '/Users?filter=externalId+eq+%22e1%22', body: { totalResults: 1, Resources: [{ active: false }] } },
          { path: '/Users?filter=active+eq+false', body: { totalResults: 1 } },
          { path: '/Users', body: { totalResults: 1 } },
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{id}}' }] } },
        ],
      },
    },
    {
      title: 'is restored with the text "True"',
      request: { method: 'PATCH', path: '/Users/{{id}}', headers: ENTRA_WRITE, body: setActive('Replace', 'True') },
      expect: {
        status: 200,
        body: { active: true },
        state: [
          { path: '/Users/{{id}}', body: { active: true, groups: [{ value: '{{group}}' }] } },
          { path: '/Groups/{{group}}', body: { members: [{ value: '{{id}}' }] } },
        ],
      },
    },
    {
      title: 'is disabled with false',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: setActive('replace', false),
      },
      expect: { status: 200, body: { active: false } },
    },
    {
      title: 'is restored without path',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}?aadOptscim062020',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: true } }] },
      },
      expect: { status: 200, body: { active: true } },
    },
  ],
};
