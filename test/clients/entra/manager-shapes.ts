import type { JsonValue } from '../../../src/schema/json.ts';
import { ENTRA_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { Sequence, Step } from '../sequence.ts';
import { ENT, PATCH_OP } from '../urns.ts';

type Operation = { [key: string]: JsonValue };

function sets(title: string, operation: Operation, manager: string): Step {
  return {
    title,
    request: {
      method: 'PATCH',
      path: '/Users/{{user1}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations: [operation] },
    },
    expect: {
      status: 200,
      body: { [ENT]: { manager: { value: manager } } },
      state: [
        { path: '/Users/{{user1}}', body: { schemas: { $contains: ENT }, [ENT]: { manager: { value: manager } } } },
      ],
    },
  };
}

function clears(title: string, operation: Operation): Step {
  return {
    title,
    request: {
      method: 'PATCH',
      path: '/Users/{{user1}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations: [operation] },
    },
    expect: { status: 200, state: [{ path: '/Users/{{user1}}', body: { [ENT]: { $absent: true } } }] },
  };
}

export const sequence: Sequence = {
  title: 'manager in every shape, set and cleared',
  source: 'MicrosoftDocs/entra-docs, use-scim-to-provision-users-and-groups; pranems/SCIMServer, validator traffic',
  steps: [
    people(3),
    sets('Add of a string', { op: 'Add', path: `${ENT}:manager`, value: '{{user2}}' }, '{{user2}}'),
    sets('Replace by a string', { op: 'Replace', path: `${ENT}:manager`, value: '{{user3}}' }, '{{user3}}'),
    clears('Replace by ""', { op: 'Replace', path: `${ENT}:manager`, value: '' }),
    clears('Replace by "" when there is none', { op: 'Replace', path: `${ENT}:manager`, value: '' }),
    sets('Add of an object', { op: 'Add', path: `${ENT}:manager`, value: { value: '{{user2}}' } }, '{{user2}}'),
    clears('Replace by an object with ""', { op: 'Replace', path: `${ENT}:manager`, value: { value: '' } }),
    sets(
      'Add of an array under the bare name, as in old documentation',
      {
        op: 'Add',
        path: 'manager',
        value: [{ $ref: 'http://contoso.example/scim/Users/{{user2}}', value: '{{user2}}' }],
      },
      '{{user2}}',
    ),
    clears('Remove', { op: 'Remove', path: `${ENT}:manager` }),
    clears('Remove when there is none', { op: 'Remove', path: `${ENT}:manager` }),
    sets(
      'somebody who does not exist',
      { op: 'Add', path: `${ENT}:manager`, value: '26118915-6090-4610-87e4-49d8ca9f808d' },
      '26118915-6090-4610-87e4-49d8ca9f808d',
    ),
    sets(
      'Replace of the value alone',
      { op: 'Replace', path: `${ENT}:manager.value`, value: '{{user3}}' },
      '{{user3}}',
    ),
    clears('null', { op: 'Replace', path: `${ENT}:manager`, value: null }),
    sets('without path, qualified', { op: 'replace', value: { [`${ENT}:manager`]: '{{user2}}' } }, '{{user2}}'),
    clears('without path, ""', { op: 'replace', value: { [`${ENT}:manager`]: '' } }),
  ],
};
