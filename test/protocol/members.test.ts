import { describe, expect, it } from 'vitest';
import { MAX_MEMBERS_PER_REQUEST } from '../../src/protocol/limits.ts';
import { readMembers } from '../../src/protocol/members.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { shows } from '../support/conformance.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const strict = (given: JsonValue) => readMembers(given, NO_QUIRKS).map(({ value }) => value);
const lenient = (given: JsonValue) => readMembers(given, ALL_QUIRKS).map(({ value }) => value);

describe('readMembers', () => {
  it.each<[string, JsonValue, string[]]>([
    ['ids', [{ value: 'a' }, { value: 'b' }], ['a', 'b']],
    ['each once, in the order sent', [{ value: 'b' }, { value: 'a' }, { value: 'b' }], ['b', 'a']],
    ['nothing of null and []', null, []],
    ['nothing of an empty list', [], []],
    ['the id in any spelling of its name', [{ VALUE: 'a' }], ['a']],
    ['nothing else than the id', [{ value: 'a', $ref: null, display: 5, type: 'Robot', other: {} }], ['a']],
  ])('reads %s', (_, given, ids) => {
    expect(strict(given)).toEqual(ids);
    expect(lenient(given)).toEqual(ids);
  });

  it.each<[string, JsonValue, string[]]>([
    ['one object for many', { value: 'a' }, ['a']],
    ['ids as plain text', ['a', 'b'], ['a', 'b']],
    ['one id as plain text', 'a', ['a']],
    ['the empty string as none', '', []],
    ['a member with an empty id as unknown', [{ value: '' }, { value: 'a' }], ['a']],
    ['a member with a null id as unknown', [{ value: 'a' }, { value: null, display: 'x' }], ['a']],
    ['an empty text as unknown', ['', 'a'], ['a']],
  ])('reads %s where clients are understood, and refuses it by the letter', (_, given, ids) => {
    expect(lenient(given)).toEqual(ids);
    expect(refusalOf(() => strict(given))).toBe('400 invalidValue');
  });

  it.each<[string, JsonValue]>([
    ['no id', [{ $ref: '../Users/a' }]],
    ['a number', [{ value: 5 }]],
    ['null for a member', [null]],
    ['a list in the list', [['a']]],
    ['true', true],
    ['an inherited name', [JSON.parse('{"__proto__":{"value":"a"}}')]],
  ])('refuses %s', shows('7643-4.2-5'), (_, given) => {
    expect(refusalOf(() => lenient(given))).toBe('400 invalidValue');
  });

  it.each<[JsonValue, string]>([
    [{ value: '' }, 'the string ""'],
    [{ value: null }, 'null'],
    [{}, 'nothing'],
    ['b', 'the string "b"'],
    [5, 'the number 5'],
  ])('names the member that it refuses by the letter: %j', (element, got) => {
    expect(refused(() => strict([{ value: 'a' }, element])).detail).toBe(
      `members[1] needs "value", the id of a User or Group; got ${got}.`,
    );
  });

  it(`takes ${MAX_MEMBERS_PER_REQUEST} members and no more`, () => {
    const members = (length: number) => Array.from({ length }, (_, index) => ({ value: String(index) }));
    expect(strict(members(MAX_MEMBERS_PER_REQUEST))).toHaveLength(MAX_MEMBERS_PER_REQUEST);
    expect(refusalOf(() => strict(members(MAX_MEMBERS_PER_REQUEST + 1)))).toBe('400 invalidValue');
  });
});
