import { describe, expect, it } from 'vitest';
import { MAX_PAGE_NUMBER } from '../../src/protocol/paging.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readSearchRequest } from '../../src/protocol/search-request.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { ExactNumber } from '../../src/schema/number.ts';
import { LIST_RESPONSE, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';

const message = (more: { [name: string]: JsonValue }) => ({ schemas: [SEARCH_REQUEST], ...more });

describe('readSearchRequest', () => {
  it('reads every member, lists as arrays (RFC 7644 §3.4.3)', () => {
    const query = readSearchRequest(
      message({
        attributes: ['userName', 'name.familyName'],
        filter: 'userName pr',
        sortBy: 'userName',
        sortOrder: 'descending',
        startIndex: -1,
        count: 10,
      }),
      NO_QUIRKS,
    );
    expect(query).toEqual({
      attributes: 'userName,name.familyName',
      filter: 'userName pr',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: -1,
      count: 10,
    });
    expect(readSearchRequest(message({ excludedAttributes: ['name'] }), NO_QUIRKS)).toEqual({
      excludedAttributes: 'name',
    });
  });

  it('takes names and the URN in any letter case', () => {
    const body = { SCHEMAS: [SEARCH_REQUEST.toUpperCase()], STARTINDEX: 2, excludedattributes: ['a'], SortBy: 'id' };
    expect(readSearchRequest(body, NO_QUIRKS)).toEqual({ startIndex: 2, excludedAttributes: 'a', sortBy: 'id' });
  });

  it('takes null and empty lists as absent, but no empty filter', () => {
    const empty = {
      filter: null,
      sortBy: null,
      sortOrder: null,
      count: null,
      attributes: [],
      excludedAttributes: null,
    };
    for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
      expect(readSearchRequest(message(empty), quirks)).toEqual({});
      expect(readSearchRequest(message({ filter: '' }), quirks)).toEqual({ filter: '' });
    }
  });

  it.each(['sortBy', 'sortOrder'])('takes an empty %s as absent in lenient tenants only', (name) => {
    expect(readSearchRequest(message({ [name]: '' }), ALL_QUIRKS)).toEqual({});
    expect(() => readSearchRequest(message({ [name]: '' }), NO_QUIRKS)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: 'invalidValue',
        detail: `${name} is empty; send a value, or leave it out.`,
      }),
    );
  });

  it('reads a cursor, an empty one too (RFC 9865 §3)', shows('9865-3-1'), () => {
    expect(readSearchRequest(message({ cursor: '', count: 10 }), NO_QUIRKS)).toEqual({ cursor: '', count: 10 });
    expect(readSearchRequest(message({ Cursor: 'abc' }), NO_QUIRKS)).toEqual({ cursor: 'abc' });
    expect(readSearchRequest(message({ cursor: null }), NO_QUIRKS)).toEqual({});
    expect(() => readSearchRequest(message({ cursor: '', count: MAX_PAGE_NUMBER + 1 }), NO_QUIRKS)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidCount' }),
    );
  });

  it('ignores members that RFC 7644 does not define', () => {
    expect(readSearchRequest(message({ domain: 'x', count: 1 }), NO_QUIRKS)).toEqual({ count: 1 });
  });

  it('takes a lone string for a list in lenient tenants only', () => {
    const body = { schemas: SEARCH_REQUEST, attributes: 'userName,title' };
    expect(readSearchRequest(body, ALL_QUIRKS)).toEqual({ attributes: 'userName,title' });
    expect(() => readSearchRequest(body, NO_QUIRKS)).toThrow(`send "schemas": ["${SEARCH_REQUEST}"]`);
    expect(() => readSearchRequest(message({ attributes: 'userName' }), NO_QUIRKS)).toThrow(
      'attributes must be an array of strings; got the string "userName"',
    );
  });

  it.each<[JsonValue, string]>([
    [[], 'The body must be a SearchRequest message; got an array.'],
    ['x', 'The body must be a SearchRequest message; got the string "x".'],
    [null, 'The body must be a SearchRequest message; got null.'],
    [{ schemas: [] }, `The body must say that it is a SearchRequest message; send "schemas": ["${SEARCH_REQUEST}"].`],
    [{ schemas: [LIST_RESPONSE] }, `send "schemas": ["${SEARCH_REQUEST}"]`],
    [message({ filter: ['userName pr'] }), 'filter must be a string, or left out; got an array.'],
    [message({ filter: true }), 'filter must be a string, or left out; got the boolean true.'],
    [message({ sortBy: {} }), 'sortBy must be a string, or left out; got an object.'],
    [message({ sortOrder: 1 }), 'sortOrder must be a string, or left out; got the number 1.'],
    [message({ cursor: 1 }), 'cursor must be a string, or left out; got the number 1.'],
    [message({ count: '10' }), 'count must be a whole number, without quotes; got the string "10".'],
    [message({ count: 1.5 }), 'count must be a whole number, without quotes; got the number 1.5.'],
    [message({ startIndex: [] }), 'startIndex must be a whole number, without quotes; got an array.'],
    [message({ attributes: { userName: true } }), 'attributes must be an array of strings; got an object.'],
    [message({ attributes: ['id', null] }), 'attributes must be an array of strings, but holds null.'],
  ])('refuses %j', (body, detail) => {
    expect(() => readSearchRequest(body, ALL_QUIRKS)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidSyntax', detail: expect.stringContaining(detail) }),
    );
  });

  it.each(['startIndex', 'count'])('limits %s', (name) => {
    for (const value of [MAX_PAGE_NUMBER, -MAX_PAGE_NUMBER]) {
      expect(readSearchRequest(message({ [name]: value }), NO_QUIRKS)).toEqual({ [name]: value });
    }
    for (const value of [MAX_PAGE_NUMBER + 1, -MAX_PAGE_NUMBER - 1, 1e300, new ExactNumber('9'.repeat(23))]) {
      expect(() => readSearchRequest(message({ [name]: value }), NO_QUIRKS)).toThrow(
        expect.objectContaining({ status: 400, scimType: 'invalidValue', detail: expect.stringContaining(name) }),
      );
    }
  });
});
