import { BARE, PLAIN_JSON } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { NOBODY, shows, speaking } from '../speaking.ts';
import { USER } from '../urns.ts';

const { get, post, patch } = speaking(BARE, PLAIN_JSON);
const LOOK_UP = '/Users?filter=externalId%20eq%20%22google-oauth2%7C103547991597142817347%22';
const USER_PATH = '/Users/{{user}}';

const SCIM_USER = {
  schemas: [USER],
  externalId: 'google-oauth2|103547991597142817347',
  userName: 'ada@example.com',
  active: true,
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  name: { givenName: 'Ada', familyName: 'Lovelace', formatted: 'Ada Lovelace' },
  displayName: 'Ada Lovelace',
};

export const sequence: Sequence = {
  title: 'Auth0: the options of the action, PATCH instead of PUT and creates out of updates',
  source: 'auth0/docs-v2, customize/events/send-outbound-scim',
  steps: [
    // spec/clients.md §13.1: an update of a user that is missing, with upserts switched on.
    get('an update finds nobody', LOOK_UP, NOBODY),
    post('and creates', '/Users', SCIM_USER, { status: 201 }, { save: { user: 'id' } }),
    // §13: the whole resource without path, schemas included.
    patch(
      'updated by PATCH',
      USER_PATH,
      [{ op: 'replace', value: { ...SCIM_USER, displayName: 'Ada King', nickName: 'ada' } }],
      {
        status: 200,
        within: 1500,
        body: { id: '{{user}}', displayName: 'Ada King', nickName: 'ada', emails: { $length: 1 } },
      },
    ),
    patch(
      'what the body leaves out stays',
      USER_PATH,
      [{ op: 'replace', value: { ...SCIM_USER, active: false } }],
      shows(USER_PATH, { active: false, nickName: 'ada', displayName: 'Ada Lovelace' }),
    ),
    patch(
      'activated',
      USER_PATH,
      [{ op: 'replace', value: SCIM_USER }],
      shows(USER_PATH, { active: true, externalId: SCIM_USER.externalId }),
    ),
  ],
};
