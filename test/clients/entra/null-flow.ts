import type { JsonValue } from '../../../src/schema/json.ts';
import { ENTRA_WRITE } from '../headers.ts';
import type { Sequence, Step } from '../sequence.ts';
import { ENT, PATCH_OP, USER } from '../urns.ts';

/** The paths an administrator may map, as Microsoft's tool flattens them from /Schemas. */
const MAPPED = [
  'displayName',
  'nickName',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
  'profileUrl',
  'externalId',
  'name.formatted',
  'name.givenName',
  'name.familyName',
  'name.honorificPrefix',
  'emails[type eq "work"].value',
  'phoneNumbers[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'addresses[type eq "work"].streetAddress',
  'addresses[type eq "work"].locality',
  'addresses[type eq "work"].country',
  `${ENT}:employeeNumber`,
  `${ENT}:department`,
  `${ENT}:costCenter`,
  `${ENT}:manager`,
];

const gone = { $absent: true };
const noneWithValue = { $oneOf: [gone, { $lacks: { value: { $type: 'string' } } }] };
const noneWithPlace = { $oneOf: [gone, { $each: { streetAddress: gone, locality: gone, country: gone } }] };

const EMPTIED = {
  userName: 'null@contoso.example',
  active: true,
  displayName: gone,
  nickName: gone,
  title: gone,
  userType: gone,
  preferredLanguage: gone,
  locale: gone,
  timezone: gone,
  profileUrl: gone,
  externalId: gone,
  name: gone,
  emails: noneWithValue,
  phoneNumbers: noneWithValue,
  addresses: noneWithPlace,
  [ENT]: gone,
};

function empty(title: string, value: JsonValue): Step {
  return {
    title,
    request: {
      method: 'PATCH',
      path: '/Users/{{id}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations: MAPPED.map((path) => ({ op: 'replace', path, value })) },
    },
    expect: { status: 200, body: EMPTIED, state: [{ path: '/Users/{{id}}', body: EMPTIED }] },
    save: { version: 'meta.version' },
  };
}

/** What is gone already is emptied again: a success that changes nothing. */
function emptyAgain(title: string, value: JsonValue): Step {
  const same = { ...EMPTIED, meta: { version: '{{version}}' } };
  return {
    ...empty(title, value),
    expect: { status: 200, body: same, state: [{ path: '/Users/{{id}}', body: same }] },
  };
}

function fill(title: string): Step {
  return {
    title,
    request: {
      method: 'PATCH',
      path: '/Users/{{id}}',
      headers: ENTRA_WRITE,
      body: { schemas: [PATCH_OP], Operations: MAPPED.map((path) => ({ op: 'replace', path, value: `v ${path}` })) },
    },
    expect: {
      status: 200,
      body: {
        displayName: 'v displayName',
        externalId: 'v externalId',
        name: { givenName: 'v name.givenName', familyName: 'v name.familyName' },
        emails: { $contains: { type: 'work', value: 'v emails[type eq "work"].value' } },
        phoneNumbers: {
          $contains: { type: 'mobile', value: 'v phoneNumbers[type eq "mobile"].value' },
          $length: 2,
        },
        addresses: { $length: 1, $contains: { type: 'work', locality: 'v addresses[type eq "work"].locality' } },
        [ENT]: { department: `v ${ENT}:department`, manager: { value: `v ${ENT}:manager` } },
      },
    },
  };
}

export const sequence: Sequence = {
  title: 'null flow: every mapped path emptied by "" and by null, twice each',
  source: 'AzureAD/SCIMReferenceCode, Logic App validation template of 2026: null update',
  steps: [
    {
      title: 'a user with an empty externalId',
      request: {
        method: 'POST',
        path: '/Users',
        headers: ENTRA_WRITE,
        body: { schemas: [USER, ENT], externalId: '', userName: 'null@contoso.example', active: true },
      },
      expect: { status: 201, body: { externalId: gone } },
      save: { id: 'id' },
    },
    fill('every path gets a value'),
    empty('every path is emptied by ""', ''),
    emptyAgain('again by ""', ''),
    emptyAgain('again by null', null),
    fill('every path gets a value again'),
    empty('every path is emptied by null', null),
    emptyAgain('again by null, after null', null),
    emptyAgain('and by "" once more', ''),
  ],
};
