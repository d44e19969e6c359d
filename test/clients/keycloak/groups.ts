import { KEYCLOAK } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, CHANGED, deleted, found, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, put, patch, remove } = speaking(KEYCLOAK, KEYCLOAK);
const GROUP_PATH = '/Groups/{{group}}';
const member = (id: string) => ({ value: id, $ref: `Users/${id}` });

export const sequence: Sequence = {
  title: 'Keycloak: groups with relative $ref, cleared by a null value',
  source: 'mitodl/keycloak-scim, core/{ScimClient,GroupAdapter}.java; Captain-P-Goldfish/SCIM-SDK',
  steps: [
    people(2),
    post(
      'a group with a member',
      '/Groups',
      { schemas: [GROUP], externalId: 'kg-1', displayName: 'engineers', members: [member('{{user1}}')] },
      { status: 201, body: { members: [{ value: '{{user1}}' }] } },
      { save: { group: 'id' } },
    ),
    // spec/clients.md §5, 3
    patch(
      'members, name and externalId in one PATCH',
      GROUP_PATH,
      [
        { op: 'replace', path: 'members', value: [member('{{user1}}'), member('{{user2}}')] },
        { op: 'replace', path: 'displayName', value: 'Engineers' },
        { op: 'replace', path: 'externalId', value: 'kg-2' },
      ],
      shows(
        GROUP_PATH,
        {
          displayName: 'Engineers',
          externalId: 'kg-2',
          members: { $length: 2, $each: { $ref: { $contains: '://' }, type: 'User' } },
        },
        CHANGED,
      ),
    ),
    patch(
      'one is left',
      GROUP_PATH,
      [{ op: 'replace', path: 'members', value: [member('{{user2}}')] }],
      shows(GROUP_PATH, { members: [{ value: '{{user2}}' }] }, CHANGED),
    ),
    // §5, 4
    patch(
      'emptied by a remove with a null value',
      GROUP_PATH,
      [{ op: 'remove', path: 'members', value: null }],
      shows(GROUP_PATH, { displayName: 'Engineers', members: ABSENT }, CHANGED),
    ),
    // §5, 2 and 3 without PATCH mode; a group without members leaves them out.
    put(
      'replaced by PUT',
      GROUP_PATH,
      {
        schemas: [GROUP],
        id: '{{group}}',
        externalId: 'kg-2',
        displayName: 'Builders',
        members: [member('{{user1}}')],
        meta: { resourceType: 'Group', location: 'Groups/{{group}}' },
      },
      shows(GROUP_PATH, { displayName: 'Builders', members: [{ value: '{{user1}}' }] }),
    ),
    put(
      'replaced by PUT without members',
      GROUP_PATH,
      { schemas: [GROUP], id: '{{group}}', externalId: 'kg-2', displayName: 'Builders' },
      shows(GROUP_PATH, { displayName: 'Builders', members: ABSENT }),
    ),
    // §5, 6
    get('import reads all groups', '/Groups', found({ id: '{{group}}', displayName: 'Builders' })),
    // §5, 5
    remove(
      'deleted, with a content type and no body',
      GROUP_PATH,
      deleted(GROUP_PATH, { path: '/Users', body: { totalResults: 2 } }),
    ),
  ],
};
