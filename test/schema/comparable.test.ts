import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, complex } from '../../src/schema/attribute.ts';
import { comparable, compareText } from '../../src/schema/comparable.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { shows } from '../support/conformance.ts';

const text = (value: JsonValue, given: Parameters<typeof attribute>[2]) =>
  comparable(attribute('a', 'A.', given), value);

function numberText(value: number): string {
  const found = text(value, { type: 'decimal' });
  if (found === undefined) throw new Error(`${value} has no comparable text`);
  return found;
}

describe('comparable', () => {
  it('ignores letter case unless the attribute is caseExact', () => {
    expect(text('Work', {})).toBe(text('wORK', {}));
    expect(text('Work', { caseExact: true })).toBe('Work');
    expect(text('https://h/A', { type: 'reference' })).toBe('https://h/A');
    expect(text('AQID', { type: 'binary' })).not.toBe(text('aqid', { type: 'binary' }));
  });

  it('leaves the API version out of URIs of resources, and of no others (RFC 7643 §2.4)', shows('7643-2.4-5'), () => {
    const same = ['https://h/scim/Users/1', 'https://h/scim/v2/Users/1', 'https://h/scim/v10/Users/1'];
    const toUser = { type: 'reference', referenceTypes: ['User'] } as const;
    expect(new Set(same.map((uri) => text(uri, toUser)))).toEqual(new Set([same[0]]));
    expect(text('https://h/scim/v2', toUser)).toBe('https://h/scim');
    for (const other of ['https://h/scim/vv2/Users/1', 'https://h/scim/v2x/Users/1', 'v2']) {
      expect(text(other, toUser)).toBe(other);
    }
    const elsewhere = [{ referenceTypes: ['external'] }, { referenceTypes: ['uri'] }, {}];
    for (const given of elsewhere) expect(text(same[1] ?? '', { type: 'reference', ...given })).toBe(same[1]);
    expect(text(same[1] ?? '', {})).toBe(same[1]?.toLowerCase());
  });

  it('compares instants, whatever their offset and fraction', () => {
    const dateTime = (value: string) => text(value, { type: 'dateTime' });
    expect(dateTime('2015-10-10T14:38:21.8617979-07:00')).toBe(dateTime('2015-10-10T21:38:21.8617979Z'));
    expect(dateTime('2015-10-10T21:38:21')).toBe(dateTime('2015-10-10T21:38:21.000Z'));
  });

  it.each<[Parameters<typeof attribute>[2], JsonValue]>([
    [{ type: 'string' }, 5],
    [{ type: 'string' }, null],
    [{ type: 'reference' }, true],
    [{ type: 'binary' }, {}],
    [{ type: 'boolean' }, 'true'],
    [{ type: 'integer' }, '5'],
    [{ type: 'decimal' }, Number.NaN],
    [{ type: 'decimal' }, Number.POSITIVE_INFINITY],
    [{ type: 'dateTime' }, '2026-02-30T00:00:00Z'],
    [{ type: 'dateTime' }, 0],
  ])('has no text for a value of another type: %j, %j', (given, value) => {
    expect(text(value, given)).toBeUndefined();
  });

  it('has no text for a complex value', () => {
    expect(comparable(complex('name', 'Name.', []), { givenName: 'x' })).toBeUndefined();
  });

  it('orders numbers as numbers', () => {
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), fc.integer());
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = a === b ? 0 : a < b ? -1 : 1;
        expect(Math.sign(compareText(numberText(a), numberText(b)))).toBe(order);
      }),
      { numRuns: 500 },
    );
  });

  it('orders these numbers, each beside the one that is hard to tell from it', () => {
    const ordered = [
      -Number.MAX_VALUE,
      -1e21,
      -Number.MAX_SAFE_INTEGER,
      -100,
      -10.5,
      -10,
      -9,
      -1.5,
      -1.25,
      -1,
      -0.1,
      -5e-324,
      0,
      5e-324,
      0.1,
      1,
      1.25,
      1.5,
      9,
      10,
      10.5,
      100,
      Number.MAX_SAFE_INTEGER - 1,
      Number.MAX_SAFE_INTEGER,
      1e21,
      Number.MAX_VALUE,
    ];
    const shuffled = [...ordered].reverse();
    expect(shuffled.sort((a, b) => compareText(numberText(a), numberText(b)))).toEqual(ordered);
  });

  it('has one text for both zeros', () => {
    expect(numberText(-0)).toBe(numberText(0));
  });
});

describe('compareText', () => {
  it('orders by code point, as collate "C" does', () => {
    const wellFormed = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', ''],
    ['a', 'a'],
  ])('finds %j and %j equal', (a, b) => {
    expect(compareText(a, b)).toBe(0);
  });

  it.each([
    ['', 'a'],
    ['a', 'ab'],
    ['\uffff', '😀'],
    ['\ue000', '😀'],
    ['x\uffffz', 'x😀a'],
    ['\ud7ff', '\ue000'],
  ])('puts %j before %j', (a, b) => {
    expect(compareText(a, b)).toBeLessThan(0);
    expect(compareText(b, a)).toBeGreaterThan(0);
  });
});
