import { PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { deleted, found, NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, put, remove } = speaking(PLAIN_JSON, PLAIN_JSON);
const ADA = '/Users/{{user}}';

const NEW_USER = {
  schemas: [USER],
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work' }],
};

export const sequence: Sequence = {
  title: 'WSO2 and Asgardeo: users, with the password when that is enabled',
  source: 'wso2.com, Asgardeo, outbound provisioning with SCIM2; wso2/product-is#21904',
  steps: [
    // spec/clients.md §13
    post(
      'created with a password, which nobody is shown',
      '/Users',
      { ...NEW_USER, password: 'Str0ng-enough!' },
      { status: 201, body: { userName: 'ada' } },
      { save: { user: 'id' } },
    ),
    get('found, unquoted and in odd case', '/Users?filter=userName%20Eq%20ada', found({ id: '{{user}}' })),
    put(
      'replaced',
      ADA,
      { ...NEW_USER, name: { givenName: 'Ada', familyName: 'King' } },
      shows(ADA, { name: { familyName: 'King' } }),
    ),
    remove('deleted', ADA, deleted(ADA)),
    get('found no more', '/Users?filter=userName%20Eq%20ada', NOBODY),
  ],
};
