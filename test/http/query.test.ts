import { describe, expect, it } from 'vitest';
import { projectionGiven, searchQueryOf } from '../../src/http/query.ts';
import { MAX_PAGE_NUMBER } from '../../src/protocol/paging.ts';

describe('searchQueryOf', () => {
  it('reads numbers, negative ones too', () => {
    expect(searchQueryOf({ startIndex: '-3', count: '10' })).toEqual({ startIndex: -3, count: 10 });
    // A `+` arrives as a space.
    expect(searchQueryOf({ startIndex: ' 3' })).toEqual({ startIndex: 3 });
    expect(searchQueryOf({ count: String(MAX_PAGE_NUMBER) })).toEqual({ count: MAX_PAGE_NUMBER });
    expect(searchQueryOf({ count: String(-MAX_PAGE_NUMBER) })).toEqual({ count: -MAX_PAGE_NUMBER });
  });

  it.each(['abc', '1.5', '', ' ', '1e3', '0x10', 'NaN', '١', String(MAX_PAGE_NUMBER + 1), '9'.repeat(400)])(
    'refuses the number %j and names the parameter',
    (text) => {
      for (const name of ['startIndex', 'count']) {
        expect(() => searchQueryOf({ [name]: text })).toThrow(
          expect.objectContaining({
            status: 400,
            scimType: 'invalidValue',
            detail: expect.stringContaining(`The parameter ${name} is `),
          }),
        );
      }
    },
  );

  it('takes a cursor without a value as an empty one, and refuses a count beside it as RFC 9865 says', () => {
    expect(searchQueryOf({ cursor: '' })).toEqual({ cursor: '' });
    expect(searchQueryOf({ cursor: 'abc', count: '3' })).toEqual({ cursor: 'abc', count: 3 });
    for (const cursor of ['', 'abc']) {
      expect(() => searchQueryOf({ cursor, count: 'x' })).toThrow(
        expect.objectContaining({ scimType: 'invalidCount' }),
      );
      expect(() => searchQueryOf({ cursor, startIndex: 'x' })).toThrow(
        expect.objectContaining({ scimType: 'invalidValue' }),
      );
    }
  });

  it('leaves out what was not sent, and keeps an empty filter to be refused', () => {
    expect(searchQueryOf({})).toEqual({});
    expect(searchQueryOf({ filter: '' })).toEqual({ filter: '', filterInUri: true });
    expect(searchQueryOf({ attributes: 'id' })).toEqual({ attributes: 'id' });
  });
});

describe('projectionGiven', () => {
  it('leaves out what was not sent', () => {
    expect(projectionGiven({})).toEqual({});
    expect(projectionGiven({ attributes: 'id' })).toEqual({ attributes: 'id' });
  });
});
