import { describe, expect, it } from 'vitest';
import { searchIdentity } from '../../src/protocol/search-identity.ts';
import type { SearchQuery } from '../../src/protocol/search-query.ts';
import { LENIENT } from './filter/leniencies.ts';

const identity = (query: SearchQuery) => searchIdentity(query, LENIENT);

describe('searchIdentity', () => {
  it.each<[SearchQuery, SearchQuery]>([
    // RFC 9865 §2 itself asks for the second page with another letter case.
    [{ filter: 'userName sw J' }, { filter: 'username sw J' }],
    [{ filter: '(userName  EQ "a")  and emails[Type eq "x"]' }, { filter: 'userName eq "a" and EMAILS[type eq "x"]' }],
    [{ sortBy: 'userName' }, { sortBy: 'USERNAME', sortOrder: 'Ascending' }],
    [{}, { sortOrder: 'descending' }],
    [{ attributes: 'userName, name.familyName' }, { attributes: 'NAME.familyName,username,userName' }],
    [{}, { count: 5, startIndex: 3, cursor: 'x', attributes: '' }],
  ])('is the same for %j and %j', (one, other) => {
    expect(identity(one)).toBe(identity(other));
  });

  it.each<[SearchQuery, SearchQuery]>([
    [{ filter: 'userName eq "a"' }, { filter: 'userName eq "A"' }],
    [{ filter: 'userName eq "a"' }, { filter: 'userName sw "a"' }],
    [{ filter: 'userName eq "a"' }, {}],
    [
      { filter: 'title eq "a" or title eq "b" and title eq "c"' },
      { filter: '(title eq "a" or title eq "b") and title eq "c"' },
    ],
    [{ filter: 'not (title pr)' }, { filter: 'title pr' }],
    [{ sortBy: 'userName' }, { sortBy: 'title' }],
    [{ sortBy: 'userName' }, { sortBy: 'userName', sortOrder: 'descending' }],
    [{ sortBy: 'userName' }, {}],
    [{ attributes: 'userName' }, { attributes: 'userName,title' }],
    [{ attributes: 'userName' }, { excludedAttributes: 'userName' }],
    [
      { sortBy: 'a', attributes: 'b' },
      { sortBy: 'b', attributes: 'a' },
    ],
  ])('differs for %j and %j', (one, other) => {
    expect(identity(one)).not.toBe(identity(other));
  });
});
