import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abridged, kindOf, parseJsonBody, unstorable } from '../../src/protocol/json.ts';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES, MAX_STRING_LENGTH } from '../../src/protocol/limits.ts';
import { isObject, type JsonValue, sameJson } from '../../src/schema/json.ts';
import { inherited } from '../support/inherited.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('parseJsonBody', () => {
  it('reads back any JSON that was written', () => {
    const strings = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !unstorable(text));
    const keys = strings.filter((key) => key !== '__proto__');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(
          strings,
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 4, noNullPrototype: false }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = JSON.stringify(value);
        expect(sameJson(parseJsonBody(text), JSON.parse(text) as JsonValue)).toBe(true);
        expect(JSON.stringify(parseJsonBody(text))).toBe(text);
      }),
    );
  });

  it('makes objects that inherit nothing, at every depth', () => {
    const body = parseJsonBody('{"a":[{"b":{}}],"constructor":{"prototype":{"x":1}}}');
    const objects: unknown[] = [];
    const collect = (value: JsonValue | undefined): void => {
      if (typeof value !== 'object' || value === null) return;
      if (isObject(value)) objects.push(value);
      for (const member of Object.values(value)) collect(member);
    };
    collect(body);
    expect(objects).toHaveLength(5);
    for (const object of objects) expect(inherited(object)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'hello'],
    ['an open object', '{"a":1'],
    ['a comma too many', '[1,]'],
    ['a single quote', "{'a':1}"],
    ['two values', '{} {}'],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark', '\ufeff{}'],
    ['a control character in a string', '"a\nb"'],
    ['a key "__proto__"', '{"a":{"__proto__":{"polluted":true}}}'],
    ['a key "__proto__" in escapes', '{"\\u005f_proto__":1}'],
  ])('refuses %s as invalidSyntax', (_, text) => {
    expect(refusalOf(() => parseJsonBody(text))).toBe('400 invalidSyntax');
  });

  it.each(['{"password":"hunter2",x}', '{"password":"hunter2" "a"}', '{"password":"hunter2', '[hunter2]'])(
    'does not repeat what the body holds: %s',
    (text) => {
      const { detail } = refused(() => parseJsonBody(text));
      expect(detail).not.toContain('hunter');
      expect(detail).not.toContain('password');
    },
  );

  it.each([
    ['U+0000 in a value', '"a\\u0000b"'],
    ['U+0000 in a key', '{"a\\u0000":1}'],
    ['the first half of a surrogate pair', '"\\ud83d"'],
    ['the second half of a surrogate pair', '"x\\ude00"'],
    ['the halves in the wrong order', '"\\ude00\\ud83d"'],
    ['a half before a whole pair', '"\\ud83d\\ud83d\\ude00"'],
    ['half a pair in a key', '{"\\udfff":1}'],
  ])('refuses %s as invalidValue', (_, text) => {
    expect(refusalOf(() => parseJsonBody(text))).toBe('400 invalidValue');
  });

  it('takes whole surrogate pairs and characters around them', () => {
    expect(parseJsonBody('"\\ud83d\\ude00\\ud7ff\\ue000"')).toBe('😀\ud7ff\ue000');
  });

  it(`takes ${MAX_JSON_DEPTH} levels and no more`, () => {
    expect(() => parseJsonBody(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(refusalOf(() => parseJsonBody(nested(MAX_JSON_DEPTH + 1)))).toBe('400 invalidSyntax');
    expect(refusalOf(() => parseJsonBody(nested(1_000_000)))).toBe('400 invalidSyntax');
    expect(
      refusalOf(() => parseJsonBody(`${'{"a":'.repeat(MAX_JSON_DEPTH + 1)}1${'}'.repeat(MAX_JSON_DEPTH + 1)}`)),
    ).toBe('400 invalidSyntax');
  });

  it(`takes ${MAX_JSON_VALUES} values and no more`, () => {
    // The array is a value too.
    const list = (length: number) => `[${'0,'.repeat(length - 1)}0]`;
    expect(parseJsonBody(list(MAX_JSON_VALUES - 1))).toHaveLength(MAX_JSON_VALUES - 1);
    expect(refusalOf(() => parseJsonBody(list(MAX_JSON_VALUES)))).toBe('400 invalidSyntax');
  });

  it(`takes strings and keys of ${MAX_STRING_LENGTH} units and no longer ones`, () => {
    const longest = 'x'.repeat(MAX_STRING_LENGTH);
    expect(parseJsonBody(JSON.stringify([longest, { [longest]: 1 }]))).toHaveLength(2);
    expect(refusalOf(() => parseJsonBody(JSON.stringify(`${longest}x`)))).toBe('400 invalidValue');
    expect(refusalOf(() => parseJsonBody(JSON.stringify({ [`${longest}x`]: 1 })))).toBe('400 invalidValue');
  });
});

describe('the words of an error', () => {
  it.each<[JsonValue | undefined, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    [[1], 'an array'],
    [{ a: 1 }, 'an object'],
    [5, 'the number 5'],
    [false, 'the boolean false'],
    ['x', 'the string "x"'],
  ])('call %j %s', (value, words) => {
    expect(kindOf(value)).toBe(words);
  });

  it('are cut when they would be long', () => {
    expect(kindOf('x'.repeat(500)).length).toBeLessThan(100);
    expect(abridged('abc', 3)).toBe('abc');
    expect(abridged('abcd', 3)).toBe('abc…');
  });
});
