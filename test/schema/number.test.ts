import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/schema/attribute.ts';
import { comparable, compareText } from '../../src/schema/comparable.ts';
import { isNumber, isObject, type JsonObject, type JsonValue, sameJson } from '../../src/schema/json.ts';
import { jsonTextOf, parseExactly, parseJson } from '../../src/schema/json-text.ts';
import { ExactNumber, numberOf, sameNumber } from '../../src/schema/number.ts';

/** Any JSON number, as text, with its value as `digits × 10^-scale`. */
const numbers = fc
  .record({
    negative: fc.boolean(),
    digits: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.bigInt({ min: 0n, max: 200n })),
    scale: fc.integer({ min: 0, max: 25 }),
    zeros: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ negative, digits, scale, zeros }) => {
    const padded = String(digits).padStart(scale + 1, '0');
    const whole = padded.slice(0, padded.length - scale);
    const fraction = padded.slice(padded.length - scale) + (scale > 0 ? '0'.repeat(zeros) : '');
    const text = `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
    // The common denominator of all of them.
    return { text, value: (negative ? -digits : digits) * 10n ** BigInt(25 - scale) };
  });

const key = (text: string) => comparable(attribute('a', 'A.', { type: 'decimal' }), numberOf(text)) ?? '';

describe('numbers', () => {
  it('are equal and ordered by value, with any number of digits', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
        expect(Math.sign(compareText(key(a.text), key(b.text)))).toBe(order);
        expect(sameNumber(numberOf(a.text), numberOf(b.text))).toBe(order === 0);
        expect(sameJson(numberOf(a.text), numberOf(b.text))).toBe(order === 0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['0.1', '0.1000000000000000000001'],
    ['1e399', '1e400'],
    ['-1e400', '-1e399'],
    ['1e-401', '1e-400'],
    ['-1e-400', '0'],
    ['0', '1e-400'],
    ['123456789012345678901234567890', '123456789012345678901234567890.1'],
  ])('%s is less than %s', (less, more) => {
    expect(compareText(key(less), key(more))).toBeLessThan(0);
  });

  it.each([
    ['1e400', '10e399'],
    ['1E+2', '100'],
    ['1.10', '1.1'],
    ['-0', '0.000e7'],
    ['123456789012345678901234567890', '1.2345678901234567890123456789e29'],
  ])('%s equals %s', (one, other) => {
    expect(key(one)).toBe(key(other));
    expect(sameJson(numberOf(one), numberOf(other))).toBe(true);
  });

  it('are JavaScript numbers wherever these say the same', () => {
    for (const text of ['1', '-5', '0.1', '1.10', '1e21', '5e-324', '9007199254740992']) {
      expect(numberOf(text)).toBe(Number(text));
    }
    // With an exponent it would be no integer any more (RFC 7643 §2.3.4).
    expect(numberOf('1000000000000000000000')).toEqual(new ExactNumber('1000000000000000000000'));
  });

  it('are neither objects nor equal to anything else', () => {
    const long = numberOf('12345678901234567890');
    expect(isObject(long)).toBe(false);
    expect(isNumber(long)).toBe(true);
    for (const other of ['12345678901234567890', '\x0012345678901234567890', {}, null, [long]] as JsonValue[]) {
      expect(sameJson(long, other)).toBe(false);
      expect(sameJson(other, long)).toBe(false);
    }
  });
});

describe('JSON text', () => {
  it('keeps each number as it was written, wherever it stands', () => {
    const text =
      '{"a":123456789012345678901234567890,"b":[0.1000000000000000000001,{"c":-1e400}],"d":"x \\"1e400\\" \\\\","e":[],"f":{},"g":true,"h":false,"i":null,"a2":1}';
    const value = parseJson(text) as JsonObject;
    expect(value.a).toEqual(new ExactNumber('123456789012345678901234567890'));
    expect(jsonTextOf(value)).toBe(text);
  });

  it('leaves out what is undefined, as JSON.stringify does', () => {
    expect(jsonTextOf({ a: undefined, b: numberOf('1e400') } as unknown as JsonValue)).toBe('{"b":1e400}');
  });

  it('does not take text for a number', () => {
    const texts = { a: '\x001e400', b: '"\\u00001', c: '1234567890123456,' };
    expect(JSON.parse(jsonTextOf(texts))).toEqual(texts);
    expect(jsonTextOf({ ...texts, n: numberOf('1e400') })).toBe(`${JSON.stringify(texts).slice(0, -1)},"n":1e400}`);
  });

  it('is read like JSON.parse reads it, spaces and repeated keys included', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(JSON.stringify(parseExactly(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
    expect(jsonTextOf(parseExactly('{"a":1,"b":2,"a":[3 , 4 ]}'))).toBe('{"a":[3,4],"b":2}');
  });
});
