import { SAILPOINT } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence } from '../sequence.ts';
import { ABSENT, deleted, shows, speaking } from '../speaking.ts';
import { ENT, USER } from '../urns.ts';

const { get, post, put, patch, remove } = speaking(SAILPOINT, SAILPOINT);
const GRACE = '/Users/{{grace}}';

const NEW_USER = {
  schemas: [USER, ENT],
  userName: 'grace@example.com',
  name: { givenName: 'Grace', familyName: 'Hopper' },
  emails: [{ value: 'grace@example.com', type: 'work', primary: true }],
  active: true,
  [ENT]: { department: 'Research', division: 'Sums' },
};

export const sequence: Sequence = {
  title: 'SailPoint: discovery, aggregation of accounts by pages, provisioning with replaces that merge',
  source: 'documentation.sailpoint.com, SCIM 2.0 connectors; SCIM-SDK#327',
  steps: [
    // spec/clients.md §10, 1: custom types are found in discovery, which the SaaS connector requires whole.
    get('the configuration', '/ServiceProviderConfig', { status: 200, body: { patch: { supported: true } } }),
    get('the types', '/ResourceTypes', { status: 200, body: { totalResults: 2, Resources: { $length: 2 } } }),
    get('the type User', '/ResourceTypes/User', { status: 200, body: { schema: USER, endpoint: '/Users' } }),
    get('the type Group', '/ResourceTypes/Group', { status: 200, body: { endpoint: '/Groups' } }),
    get('the schemas', '/Schemas', { status: 200, body: { Resources: { $contains: { id: USER } } } }),
    people(4),
    // §10, 1: all pages; nobody twice, nobody left out.
    get(
      'aggregation, the first page',
      '/Users?startIndex=1&count=2',
      { status: 200, body: { totalResults: 4, itemsPerPage: 2, startIndex: 1 } },
      { save: { one: 'Resources.*.id' } },
    ),
    get(
      'aggregation, the last page',
      '/Users?startIndex=3&count=2',
      { status: 200, body: { totalResults: 4, startIndex: 3, Resources: { $each: { id: { $noneOf: '{{one}}' } } } } },
      { save: { two: 'Resources.*.id' } },
    ),
    // §10, 2
    post(
      'an account is created',
      '/Users',
      NEW_USER,
      { status: 201, body: { active: true } },
      { save: { grace: 'id' } },
    ),
    get('and read back', GRACE, { status: 200, body: { [ENT]: { department: 'Research', division: 'Sums' } } }),
    post('created again', '/Users', NEW_USER, { status: 409, body: { scimType: 'uniqueness' } }),
    // §10, 3: RFC 7644 §3.5.2.3, the parts that are not named stay.
    patch('name with one part', GRACE, [{ op: 'replace', path: 'name', value: { givenName: 'Amazing' } }], {
      status: 200,
      body: { name: { $equals: { givenName: 'Amazing', familyName: 'Hopper' } } },
    }),
    patch(
      'an extension without path',
      GRACE,
      [{ op: 'replace', value: { [ENT]: { department: 'Engines' } } }],
      shows(GRACE, { [ENT]: { $equals: { department: 'Engines', division: 'Sums' } } }),
    ),
    patch('disabled', GRACE, [{ op: 'replace', path: 'active', value: false }], shows(GRACE, { active: false })),
    patch('enabled', GRACE, [{ op: 'replace', path: 'active', value: true }], shows(GRACE, { active: true })),
    // §10, 3: where PATCH is switched off in the connector.
    put(
      'replaced by PUT',
      GRACE,
      { ...NEW_USER, schemas: [USER], [ENT]: null, title: 'Rear Admiral' },
      shows(GRACE, { title: 'Rear Admiral', name: { givenName: 'Grace' }, [ENT]: ABSENT }),
    ),
    remove('deleted', GRACE, deleted(GRACE, { path: '/Users', body: { totalResults: 4 } })),
  ],
};
