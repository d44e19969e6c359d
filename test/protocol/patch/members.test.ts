import { describe, expect, it } from 'vitest';
import { MAX_MEMBERS_PER_REQUEST } from '../../../src/protocol/limits.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import type { JsonValue } from '../../../src/schema/json.ts';
import { GROUP_SCHEMA } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { GROUP_DOCUMENT, patched, type Sent } from './patching.ts';

const lenient = (...operations: Sent[]) => patched(GROUP_DOCUMENT, operations, ALL_QUIRKS).memberships;
const strict = (...operations: Sent[]) => patched(GROUP_DOCUMENT, operations, NO_QUIRKS).memberships;
const ids = (...values: string[]) => values.map((value) => ({ value }));

describe.each([
  ['by the letter', strict],
  ['where clients are understood', lenient],
])('operations on members become steps of a plan, %s', (_, plan) => {
  it.each<[string, Sent, object]>([
    ['add', { op: 'add', path: 'members', value: ids('a', 'b') }, { kind: 'add', members: ids('a', 'b') }],
    [
      'add of one without its array',
      { op: 'add', path: 'members', value: { value: 'a' } },
      { kind: 'add', members: ids('a') },
    ],
    ['add of one twice', { op: 'add', path: 'members', value: ids('a', 'a') }, { kind: 'add', members: ids('a') }],
    [
      'add with what the server knows better',
      { op: 'add', path: 'members', value: [{ value: 'a', $ref: null, display: 'A', type: 'X' }] },
      { kind: 'add', members: ids('a') },
    ],
    ['add of none', { op: 'add', path: 'members', value: [] }, { kind: 'add', members: [] }],
    ['add without a path', { op: 'add', value: { members: ids('a') } }, { kind: 'add', members: ids('a') }],
    [
      'add by the URN',
      { op: 'add', path: `${GROUP_SCHEMA}:Members`, value: ids('a') },
      { kind: 'add', members: ids('a') },
    ],
    ['replace', { op: 'replace', path: 'members', value: ids('a') }, { kind: 'replace', members: ids('a') }],
    ['replace with []', { op: 'replace', path: 'members', value: [] }, { kind: 'replace', members: [] }],
    ['replace with null', { op: 'replace', path: 'members', value: null }, { kind: 'replace', members: [] }],
    ['remove of all', { op: 'remove', path: 'members' }, { kind: 'removeAll' }],
    ['remove of all with a null value', { op: 'remove', path: 'members', value: null }, { kind: 'removeAll' }],
    ['remove of one', { op: 'remove', path: 'members[value eq "a"]' }, { kind: 'remove', members: ids('a') }],
    [
      'remove of one, as the RFC spells it',
      { op: 'remove', path: 'MEMBERS[Value EQ "a"]' },
      { kind: 'remove', members: ids('a') },
    ],
    [
      'remove of several',
      { op: 'remove', path: 'members[value eq "a" or value eq "b"]' },
      { kind: 'remove', members: ids('a', 'b') },
    ],
    ['remove of others', { op: 'remove', path: 'members[type eq "Group"]' }, { kind: 'removeWhere' }],
    [
      'remove of one under a condition',
      { op: 'remove', path: 'members[value eq "a" and type eq "User"]' },
      { kind: 'removeWhere' },
    ],
    ['remove of all but one', { op: 'remove', path: 'members[not (value eq "a")]' }, { kind: 'removeWhere' }],
  ])('%s', (__, operation, step) => {
    expect(plan(operation)).toEqual([expect.objectContaining(step)]);
  });

  it('in their order, and the document is left alone', () => {
    const operations = [
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: ids('a') },
      { op: 'remove', path: 'members[value eq "a"]' },
    ];
    expect(plan(...operations).map(({ kind }) => kind)).toEqual(['removeAll', 'add', 'remove']);
    expect(patched(GROUP_DOCUMENT, operations).document).toEqual(GROUP_DOCUMENT);
  });

  it.each(['members.value', 'members.display', 'members[value eq "a"].type', 'members[value eq "a"].display'])(
    'but %s is never edited (RFC 7643 §4.2)',
    (path) => {
      expect(refusalOf(() => plan({ op: 'replace', path, value: 'x' }))).toBe('400 mutability');
    },
  );

  it.each<[JsonValue]>([[[{}]], [[{ value: 5 }]], [[null]], [true]])('but not with members like %j', (value) => {
    for (const op of ['add', 'replace']) {
      expect(refusalOf(() => plan({ op, path: 'members', value }))).toBe('400 invalidValue');
    }
  });

  it('refuses a filter that is none', () => {
    expect(refusalOf(() => plan({ op: 'remove', path: 'members[nothing eq "a"]' }))).toBe('400 invalidFilter');
  });
});

describe('members as real clients send them', () => {
  it.each<[string, Sent, object, string]>([
    [
      'Entra removes by value',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] },
      { kind: 'remove', members: ids('a') },
      '400 invalidSyntax',
    ],
    [
      'removal of one without its array',
      { op: 'remove', path: 'members', value: { value: 'a' } },
      { kind: 'remove', members: ids('a') },
      '400 invalidSyntax',
    ],
    [
      'removal of none',
      { op: 'remove', path: 'members', value: [] },
      { kind: 'remove', members: [] },
      '400 invalidSyntax',
    ],
    [
      'ids as plain text',
      { op: 'add', path: 'members', value: ['a'] },
      { kind: 'add', members: ids('a') },
      '400 invalidValue',
    ],
    [
      'one id as plain text',
      { op: 'add', path: 'members', value: 'a' },
      { kind: 'add', members: ids('a') },
      '400 invalidValue',
    ],
    [
      '"" for none',
      { op: 'replace', path: 'members', value: '' },
      { kind: 'replace', members: [] },
      '400 invalidValue',
    ],
  ])('%s', (_, operation, step, refusal) => {
    expect(lenient(operation)).toEqual([step]);
    expect(refusalOf(() => strict({ ...operation, op: operation.op.toLowerCase() }))).toBe(refusal);
  });

  it('replacing a member that is not there adds it, where that is tolerated', () => {
    const operation = { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } };
    expect(lenient(operation)).toMatchObject([{ kind: 'replaceWhere', members: ids('b'), whenNone: 'add' }]);
    expect(strict(operation)).toMatchObject([{ kind: 'replaceWhere', members: ids('b'), whenNone: 'noTarget' }]);
  });
});

describe('the members that one PATCH names', () => {
  it(`are ${MAX_MEMBERS_PER_REQUEST} at most, over all its operations`, () => {
    const half = (from: number) =>
      ids(...Array.from({ length: MAX_MEMBERS_PER_REQUEST / 2 }, (_, index) => String(from + index)));
    const add = (value: JsonValue) => ({ op: 'add', path: 'members', value });
    const operations = [add(half(0)), add(half(MAX_MEMBERS_PER_REQUEST))];
    expect(lenient(...operations)).toHaveLength(2);
    expect(refusalOf(() => lenient(...operations, add(ids('one more'))))).toBe('400 invalidValue');
  });
});
