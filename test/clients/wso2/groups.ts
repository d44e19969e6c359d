import { PLAIN_JSON } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { CHANGED, deleted, found, shows, speaking } from '../speaking.ts';
import { GROUP } from '../urns.ts';

const { get, post, patch, remove } = speaking(PLAIN_JSON, PLAIN_JSON);
const GROUP_PATH = '/Groups/{{group}}';

export const sequence: Sequence = {
  title: 'WSO2: members added without path, with display and a foreign $ref',
  source: 'wso2/product-is#5333, #7388, #8589, #21904',
  steps: [
    people(2),
    post(
      'a group of one, named after its user store',
      '/Groups',
      { schemas: [GROUP], displayName: 'PRIMARY/manager', members: [{ value: '{{user1}}', display: 'person1' }] },
      { status: 201 },
      { save: { group: 'id' } },
    ),
    get(
      'found, unquoted and in odd case',
      '/Groups?filter=displayName%20Eq%20PRIMARY/manager',
      found({ id: '{{group}}' }),
    ),
    // spec/clients.md §13: add without path appends.
    patch(
      'the second is appended',
      GROUP_PATH,
      [
        {
          op: 'add',
          value: {
            members: [{ display: 'person2', value: '{{user2}}', $ref: 'https://wso2.example/scim2/Users/{{user2}}' }],
          },
        },
      ],
      shows(
        GROUP_PATH,
        {
          members: {
            $anyOrder: [
              { value: '{{user1}}', display: 'Person 1' },
              { value: '{{user2}}', display: 'Person 2', $ref: { $contains: '/scim/v2/Users/' } },
            ],
          },
        },
        CHANGED,
      ),
    ),
    // §13, product-is#5333: a member that is there already.
    patch(
      'appended again',
      GROUP_PATH,
      [{ op: 'add', value: { members: [{ display: 'PRIMARY/person2', value: '{{user2}}' }] } }],
      shows(GROUP_PATH, { members: { $length: 2 } }, CHANGED),
    ),
    remove('deleted', GROUP_PATH, deleted(GROUP_PATH)),
  ],
};
