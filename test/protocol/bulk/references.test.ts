import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/protocol/bulk/operation.ts';
import { referencesOf, withReferences } from '../../../src/protocol/bulk/references.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import { attribute, complex } from '../../../src/schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from '../../../src/schema/urns.ts';
import { shows } from '../../support/conformance.ts';

/** A type with references in an extension of its own. */
const DEVICE_USER = {
  ...USER_TYPE,
  extensions: [
    {
      schema: {
        id: 'urn:example:2.0:Device',
        name: 'Device',
        description: '',
        attributes: [
          attribute('keeper', '', { type: 'reference', referenceTypes: ['User'] }),
          attribute('trustee', '', { idOf: ['User'] }),
          attribute('manual', '', { type: 'reference', referenceTypes: ['external'] }),
          complex('lent', '', [attribute('to', '', { type: 'reference', referenceTypes: ['User'] })], {
            multiValued: true,
          }),
        ],
      },
      required: false,
    },
  ],
};

function resolvedIn(data: JsonValue, type = USER_TYPE, method: 'POST' | 'PATCH' = 'POST', quirks = ALL_QUIRKS) {
  const operation: Operation =
    method === 'POST'
      ? { method, type, bulkId: 'self', data }
      : { method, type, address: 'bulkId:me', version: undefined, data };
  const names = referencesOf(operation, quirks);
  const changed = withReferences(operation, quirks, (bulkId, form) => `<${form} ${bulkId}>`);
  return { names: [...names], changed };
}

const inData = (...given: Parameters<typeof resolvedIn>) => {
  const { changed } = resolvedIn(...given);
  return 'data' in changed ? plain(changed.data) : undefined;
};
const inPatch = (operation: JsonObject, type = GROUP_TYPE, quirks = ALL_QUIRKS) => {
  const data = inData({ schemas: ['x'], Operations: [operation] }, type, 'PATCH', quirks) as JsonObject;
  return (data.Operations as JsonValue[])[0];
};

/** The same with ordinary objects, which compare with literals. */
function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

describe('references', () => {
  it('are the members of a group and the manager of a user, by value and $ref', () => {
    const members = [{ value: 'bulkId:a', type: 'User' }, { VALUE: 'bulkId:b', $ref: 'bulkId:b' }, { value: 'c' }];
    expect(inData({ Members: members }, GROUP_TYPE)).toEqual({
      Members: [{ value: '<id a>', type: 'User' }, { VALUE: '<id b>', $ref: '<uri b>' }, { value: 'c' }],
    });
    const manager = { value: 'bulkId:a', $ref: 'https://x/v2/Users/bulkId:a', displayName: 'bulkId:a' };
    expect(inData({ [ENTERPRISE.toUpperCase()]: { manager } })).toEqual({
      [ENTERPRISE.toUpperCase()]: {
        manager: { value: '<id a>', $ref: 'https://x/v2/Users/<id a>', displayName: 'bulkId:a' },
      },
    });
  });

  it('are what extensions declare as references to resources', shows('7644-3.7.2-2'), () => {
    const lent = [{ to: 'bulkId:a' }, { to: '/Users/bulkId:b', since: 'bulkId:c' }];
    const extension = { keeper: 'bulkId:a', trustee: 'bulkId:a', manual: 'bulkId:x', lent };
    expect(inData({ 'urn:example:2.0:Device': extension }, DEVICE_USER)).toEqual({
      'urn:example:2.0:Device': {
        keeper: '<uri a>',
        trustee: '<id a>',
        manual: 'bulkId:x',
        lent: [{ to: '<uri a>' }, { to: '/Users/<id b>', since: 'bulkId:c' }],
      },
    });
  });

  it('are nowhere else', () => {
    const data = {
      userName: 'bulkId:a',
      externalId: 'bulkId:a',
      name: { familyName: 'bulkId:a' },
      emails: [{ value: 'bulkId:a', $ref: 'bulkId:a' }],
      photos: [{ value: 'bulkId:a' }],
      groups: [{ value: 'bulkId:a' }],
      unknown: { value: 'bulkId:a', 'members[value eq "bulkId:a"]': 'bulkId:a' },
    };
    const { names, changed } = resolvedIn(data);
    expect(names).toEqual([]);
    expect('data' in changed && plain(changed.data)).toEqual(data);
  });

  it('are found in the path of the operation', () => {
    expect(resolvedIn({}, GROUP_TYPE, 'PATCH')).toMatchObject({ names: ['me'], changed: { address: '<id me>' } });
  });

  it.each<[JsonObject, JsonObject]>([
    [
      { op: 'add', path: 'members', value: [{ value: 'bulkId:a' }] },
      { op: 'add', path: 'members', value: [{ value: '<id a>' }] },
    ],
    [
      { op: 'add', path: GROUP_TYPE.schema.id, value: { members: [{ value: 'bulkId:a' }] } },
      { op: 'add', path: GROUP_TYPE.schema.id, value: { members: [{ value: '<id a>' }] } },
    ],
    [
      { op: 'add', value: { [GROUP_TYPE.schema.id]: { members: [{ value: 'bulkId:a' }] } } },
      { op: 'add', value: { [GROUP_TYPE.schema.id]: { members: [{ value: '<id a>' }] } } },
    ],
    [
      { OP: 'Add', PATH: 'members', VALUE: { value: 'bulkId:a' } },
      { OP: 'Add', PATH: 'members', VALUE: { value: '<id a>' } },
    ],
    [
      { op: 'remove', path: 'members[value eq "bulkId:a"]' },
      { op: 'remove', path: 'members[value eq "<id a>"]' },
    ],
    [
      { op: 'remove', path: 'members[not (value eq "bulkId:a") and ($ref eq "bulkId:b" or display eq "bulkId:c")]' },
      { op: 'remove', path: 'members[not (value eq "<id a>") and ($ref eq "<uri b>" or display eq "bulkId:c")]' },
    ],
    [
      { op: 'replace', path: 'members[value eq "bulkId:a"].value', value: 'bulkId:b' },
      { op: 'replace', path: 'members[value eq "<id a>"].value', value: '<id b>' },
    ],
    [
      { op: 'add', value: { members: ['bulkId:a'], displayName: 'bulkId:a' } },
      { op: 'add', value: { members: ['<id a>'], displayName: 'bulkId:a' } },
    ],
    [
      { op: 'add', path: null, value: { 'members[value eq "bulkId:a"]': { value: 'bulkId:b' } } },
      { op: 'add', path: null, value: { 'members[value eq "<id a>"]': { value: '<id b>' } } },
    ],
    [
      { op: 'replace', path: 'displayName', value: 'bulkId:a' },
      { op: 'replace', path: 'displayName', value: 'bulkId:a' },
    ],
    [
      { op: 'remove', path: 'members[value eq "bulkId:a"' },
      { op: 'remove', path: 'members[value eq "bulkId:a"' },
    ],
  ])('are found in PATCH operations: %j', (given, expected) => {
    expect(inPatch(given)).toEqual(expected);
  });

  it.each<[JsonObject, JsonValue]>([
    [{ path: `${ENTERPRISE}:manager.value`, value: 'bulkId:a' }, '<id a>'],
    [{ path: `${ENTERPRISE}:manager`, value: 'bulkId:a' }, '<id a>'],
    [{ path: `${ENTERPRISE}:manager`, value: ['bulkId:a'] }, ['<id a>']],
    [{ path: 'manager', value: { $ref: 'bulkId:a' } }, { $ref: '<uri a>' }],
    [{ path: ENTERPRISE, value: { manager: { value: 'bulkId:a' } } }, { manager: { value: '<id a>' } }],
    [{ value: { [`${ENTERPRISE}:manager`]: 'bulkId:a' } }, { [`${ENTERPRISE}:manager`]: '<id a>' }],
    [{ value: { [`${ENTERPRISE}:manager.value`]: 'bulkId:a' } }, { [`${ENTERPRISE}:manager.value`]: '<id a>' }],
    [{ path: 'userName', value: 'bulkId:a' }, 'bulkId:a'],
    [{ path: 'manager.displayName', value: 'bulkId:a' }, 'bulkId:a'],
  ])('are found in the shapes that clients send: %j', (given, expected) => {
    expect(inPatch({ op: 'replace', ...given }, USER_TYPE)).toMatchObject({ value: expected });
  });

  it('keep a bulkId whole, whatever is in it', () => {
    const members = ['a b', 'x:y', 'Ü', '', 'bulkId:z'].map((name) => ({ value: `bulkId:${name}` }));
    expect(resolvedIn({ members }, GROUP_TYPE).names).toEqual(['a b', 'x:y', 'Ü', '', 'bulkId:z']);
  });

  it.each([null, 5, 'text', [], { Operations: 5 }, { Operations: [null, 'x', { path: 5, value: null }] }])(
    'leave alone what is no message: %j',
    (data) => {
      expect(inData(data as JsonValue, GROUP_TYPE, 'PATCH', NO_QUIRKS)).toEqual(data);
      expect(inData(data as JsonValue, GROUP_TYPE)).toEqual(data);
    },
  );
});
