import { PLAIN_JSON } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

export const sequence: Sequence = {
  title: 'WSO2: members added without path, with display and a foreign $ref',
  source: 'wso2/product-is#5333, #8589',
  steps: [
    people(2),
    {
      title: 'a group of one',
      request: {
        method: 'POST',
        path: '/Groups',
        headers: PLAIN_JSON,
        body: { schemas: [GROUP], displayName: 'manager', members: [{ value: '{{user1}}', display: 'person1' }] },
      },
      expect: { status: 201 },
      save: { group: 'id' },
    },
    {
      title: 'the second is appended',
      request: {
        method: 'PATCH',
        path: '/Groups/{{group}}',
        headers: PLAIN_JSON,
        body: {
          schemas: [PATCH_OP],
          Operations: [
            {
              op: 'add',
              value: {
                members: [
                  { display: 'person2', value: '{{user2}}', $ref: 'https://wso2.example/scim2/Users/{{user2}}' },
                ],
              },
            },
          ],
        },
      },
      expect: {
        status: [200, 204],
        state: [
          {
            path: '/Groups/{{group}}',
            body: {
              members: {
                $anyOrder: [
                  { value: '{{user1}}', display: 'Person 1' },
                  { value: '{{user2}}', display: 'Person 2', $ref: { $contains: '/scim/v2/Users/' } },
                ],
              },
            },
          },
        ],
      },
    },
  ],
};
