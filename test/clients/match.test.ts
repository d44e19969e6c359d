import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/schema/json.ts';
import { mismatches } from './match.ts';

const matching: [string, JsonValue, JsonValue | undefined][] = [
  ['a value itself', 'a', 'a'],
  ['null itself', null, null],
  ['some members of an object', { a: 1 }, { a: 1, b: 2 }],
  ['members inside members', { a: { b: true } }, { a: { b: true, c: 1 }, d: 1 }],
  ['an array element by element', [{ a: 1 }, 2], [{ a: 1, b: 1 }, 2]],
  ['$ref as an ordinary member', { $ref: 'x' }, { $ref: 'x', value: '1' }],
  ['$absent where there is nothing', { a: { $absent: true } }, { b: 1 }],
  ['$type of a string', { $type: 'string' }, 'x'],
  ['$type of an integer', { $type: 'integer' }, 3],
  ['$type of an array', { $type: 'array' }, []],
  ['$length of an array', { $length: 2 }, [1, 2]],
  ['$length of a text', { $length: 2 }, 'ab'],
  ['$contains of an array, partially', { $contains: { a: 1 } }, [{ a: 2 }, { a: 1, b: 1 }]],
  ['$contains of a text', { $contains: 'bc' }, 'abcd'],
  ['$lacks of an array', { $lacks: { a: 3 } }, [{ a: 2 }]],
  ['$each element', { $each: { $type: 'string' } }, ['a', 'b']],
  ['$equals whatever the order of the keys', { $equals: { a: 1, b: 2 } }, { b: 2, a: 1 }],
  ['$anyOrder', { $anyOrder: [{ a: 1 }, { a: 2 }] }, [{ a: 2 }, { a: 1 }]],
  ['$oneOf', { $oneOf: [{ $absent: true }, []] }, undefined],
  ['$noneOf', { $noneOf: ['a', 'b'] }, 'c'],
  ['several matchers at once', { $length: 1, $contains: 'a' }, ['a']],
];

const differing: [string, JsonValue, JsonValue | undefined][] = [
  ['another value', 'a', 'b'],
  ['text for a number', 1, '1'],
  ['text for a boolean', false, 'False'],
  ['null for nothing', null, undefined],
  ['a missing member', { a: 1 }, { b: 1 }],
  ['a member of the prototype', { toString: { $type: 'function' } }, {}],
  ['an array for an object', { a: 1 }, [{ a: 1 }]],
  ['an object for an array', [1], { 0: 1 }],
  ['an array that is longer', [1], [1, 2]],
  ['an empty array for an array of one', [1], []],
  ['$absent where there is null', { a: { $absent: true } }, { a: null }],
  ['$type of another type', { $type: 'string' }, 3],
  ['$type number of an integer', { $type: 'integer' }, 3.5],
  ['$type of nothing', { $type: 'object' }, null],
  ['$length of another length', { $length: 2 }, [1]],
  ['$length of nothing', { $length: 0 }, undefined],
  ['$contains of nothing', { $contains: 1 }, undefined],
  ['$contains of an array without it', { $contains: { a: 1 } }, [{ a: 2 }]],
  ['$lacks of an array with it', { $lacks: { a: 2 } }, [{ a: 2, b: 1 }]],
  ['$each with one that differs', { $each: { $type: 'string' } }, ['a', 1]],
  ['$each of no array', { $each: 1 }, 1],
  ['$equals with a member too many', { $equals: { a: 1 } }, { a: 1, b: 2 }],
  ['$anyOrder with one element used twice', { $anyOrder: [{ a: 1 }, { a: 1 }] }, [{ a: 1 }, { a: 2 }]],
  ['$oneOf without any', { $oneOf: [1, 2] }, 3],
  ['$noneOf with one', { $noneOf: [1, 2] }, 2],
  ['one of two matchers', { $length: 1, $contains: 'a' }, ['b']],
];

describe('mismatches', () => {
  test.each(matching)('none for %s', (_, expected, actual) => {
    expect(mismatches(expected, actual)).toEqual([]);
  });

  test.each(differing)('some for %s', (_, expected, actual) => {
    expect(mismatches(expected, actual)).not.toEqual([]);
  });

  test('names the place of each difference', () => {
    const found = mismatches({ a: [{ b: 1 }], c: 2 }, { a: [{ b: 2 }], c: 3 });
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('$.a[0].b');
    expect(found[1]).toContain('$.c');
  });

  test('refuses expectations that could never mean anything', () => {
    expect(() => mismatches({ $abesnt: true }, undefined)).toThrow('$abesnt');
    expect(() => mismatches({ $absent: true, a: 1 }, {})).toThrow('mixed');
    expect(() => mismatches({ $oneOf: 1 }, 1)).toThrow('array');
  });
});
