import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../src/protocol/paging.ts';

const LIMITS = { defaultCount: 100, maxCount: 1000 };

describe('pageOf (RFC 7644 §3.4.2.4)', () => {
  it.each([
    ['nothing asked', {}, { startIndex: 1, count: 100 }],
    ['startIndex 0', { startIndex: 0 }, { startIndex: 1, count: 100 }],
    ['a negative startIndex', { startIndex: -7, count: 5 }, { startIndex: 1, count: 5 }],
    ['startIndex without count', { startIndex: 11 }, { startIndex: 11, count: 100 }],
    ['count 0', { count: 0 }, { startIndex: 1, count: 0 }],
    ['a negative count', { count: -1 }, { startIndex: 1, count: 0 }],
    ['the largest count', { count: 1000 }, { startIndex: 1, count: 1000 }],
    ['a larger one', { count: 1001 }, { startIndex: 1, count: 1000 }],
    ['far behind the end', { startIndex: 1e9, count: 1 }, { startIndex: 1e9, count: 1 }],
  ])('%s', (_, asked, page) => {
    expect(pageOf(asked, LIMITS)).toEqual(page);
  });

  it('never leaves its bounds', () => {
    const number = fc.option(fc.integer(), { nil: undefined });
    fc.assert(
      fc.property(number, number, (startIndex, count) => {
        const asked = {
          ...(startIndex === undefined ? {} : { startIndex }),
          ...(count === undefined ? {} : { count }),
        };
        const page = pageOf(asked, LIMITS);
        expect(page.startIndex).toBeGreaterThanOrEqual(1);
        expect(page.count).toBeGreaterThanOrEqual(0);
        expect(page.count).toBeLessThanOrEqual(LIMITS.maxCount);
      }),
    );
  });
});
