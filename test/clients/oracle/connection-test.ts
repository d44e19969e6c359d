import { BARE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { NOBODY, speaking } from '../speaking.ts';

const { get } = speaking(BARE, BARE);

export const sequence: Sequence = {
  title: "Oracle's generic SCIM connector: the test of the connection",
  source: 'Oracle, generic SCIM application',
  steps: [
    // spec/clients.md §13: count without startIndex, of an empty server and of one that has users.
    get('nobody is there', '/Users?count=1', NOBODY),
    people(2),
    get('users are there', '/Users?count=1', {
      status: 200,
      body: { totalResults: 2, startIndex: 1, itemsPerPage: 1, Resources: { $length: 1 } },
    }),
  ],
};
