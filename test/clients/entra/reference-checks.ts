import { ENTRA, ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, GROUP, PATCH_OP } from '../urns.ts';

const EMPTY = { totalResults: 0, Resources: [] };

export const sequence: Sequence = {
  title: 'checks of a reference: manager of a user, member of a group',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups; goauthentik/authentik#23211',
  steps: [
    people(3),
    {
      title: 'the first has the second as manager',
      request: {
        method: 'PATCH',
        path: '/Users/{{user1}}',
        headers: ENTRA_WRITE,
        body: { schemas: [PATCH_OP], Operations: [{ op: 'Add', path: `${ENT}:manager`, value: '{{user2}}' }] },
      },
      expect: { status: 200 },
    },
    {
      title: 'the first is in a group',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: ENTRA_WRITE,
        body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{user1}}' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'the manager is the second',
      request: {
        method: 'GET',
        path: '/Users?filter=id+eq+%22{{user1}}%22+and+manager+eq+%22{{user2}}%22&attributes=id',
        headers: ENTRA,
      },
      expect: { status: 200, body: { totalResults: 1, Resources: [{ id: '{{user1}}', userName: { $absent: true } }] } },
    },
    {
      title: 'the manager is not the third',
      request: {
        method: 'GET',
        path: '/Users?filter=id+eq+%22{{user1}}%22+and+manager+eq+%22{{user3}}%22&attributes=id',
        headers: ENTRA,
      },
      expect: { status: 200, body: EMPTY },
    },
    {
      title: 'the second has no manager',
      request: {
        method: 'GET',
        path: '/Users?attributes=id&filter=id%20eq%20%22{{user2}}%22%20and%20manager%20eq%20%22{{user2}}%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: EMPTY },
    },
    {
      title: 'the first is a member',
      request: {
        method: 'GET',
        path: '/Groups?filter=id+eq+%22{{group}}%22+and+members+eq+%22{{user1}}%22&excludedAttributes=members',
        headers: ENTRA,
      },
      expect: {
        status: 200,
        body: {
          totalResults: 1,
          Resources: [{ id: '{{group}}', displayName: 'Engineers', members: { $absent: true } }],
        },
      },
    },
    {
      title: 'the second is no member',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=id+eq+%22{{group}}%22+and+members+eq+%22{{user2}}%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: EMPTY },
    },
    {
      title: 'a group that does not exist, with ids that are no UUID',
      request: {
        method: 'GET',
        path: '/Groups?excludedAttributes=members&filter=id+eq+%22none%22+and+members+eq+%22nobody%22',
        headers: ENTRA,
      },
      expect: { status: 200, body: EMPTY },
    },
  ],
};
