import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/schema/comparable.ts';
import { afterPrefix } from '../../src/storage/conditions.ts';

describe('afterPrefix', () => {
  it.each([
    ['a', 'b'],
    ['az', 'a{'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['a\u{10ffff}', 'b'],
  ])('of %j is %j', (prefix, next) => {
    expect(afterPrefix(prefix)).toBe(next);
  });

  it.each(['', '\u{10ffff}', '\u{10ffff}\u{10ffff}'])(
    'of %j is nothing: all that comes after begins with it',
    (prefix) => {
      expect(afterPrefix(prefix)).toBeUndefined();
    },
  );

  it('bounds what begins with the prefix, and only that', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = afterPrefix(prefix);
        const inRange = compareText(other, prefix) >= 0 && (end === undefined || compareText(other, end) < 0);
        expect(inRange).toBe(other.startsWith(prefix));
      }),
    );
  });
});
