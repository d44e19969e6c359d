import { describe, expect, it } from 'vitest';
import { etagOf, failedCondition, failedReadCondition, isUnchanged } from '../../src/protocol/etag.ts';
import { shows } from '../support/conformance.ts';

const CURRENT = etagOf(3);

// Headers that name version 3, and headers that don't.
const NAMING = ['W/"3"', '"3"', '*', ' W/"3" ', 'W/"1", W/"3"', 'W/"1","3","9"', '"1",\t*'];
const OTHERS = ['W/"2"', '"33"', 'W/"13"', '3', "'3'", '', 'w/"3"', 'W/ "3"', 'W/"1", W/"2"', '**'];

describe('etagOf', () => {
  it('is weak, and another one for each version', shows('7643-3.1-20', '7644-3.14-1'), () => {
    expect(CURRENT).toBe('W/"3"');
    expect(etagOf(4)).not.toBe(CURRENT);
  });
});

describe('If-None-Match on a read', () => {
  it.each(NAMING)('%j holds the version: not modified', (ifNoneMatch) => {
    expect(isUnchanged(CURRENT, { ifNoneMatch })).toBe(true);
  });

  it.each(OTHERS)('%j does not', (ifNoneMatch) => {
    expect(isUnchanged(CURRENT, { ifNoneMatch })).toBe(false);
  });

  it('absent asks for the resource; If-Match has no say', () => {
    expect(isUnchanged(CURRENT, {})).toBe(false);
    expect(isUnchanged(CURRENT, { ifMatch: CURRENT })).toBe(false);
  });
});

describe('If-Match on a read', () => {
  it.each(NAMING)('%j lets it pass', (ifMatch) => {
    expect(failedReadCondition(CURRENT, { ifMatch })).toBeUndefined();
  });

  it.each(OTHERS)('%j refuses it', (ifMatch) => {
    expect(failedReadCondition(CURRENT, { ifMatch })).toContain(CURRENT);
  });

  it('absent lets it pass; If-None-Match refuses no read', () => {
    expect(failedReadCondition(CURRENT, {})).toBeUndefined();
    expect(failedReadCondition(CURRENT, { ifNoneMatch: CURRENT })).toBeUndefined();
  });
});

describe('the conditions of a write', () => {
  it.each(NAMING)('If-Match %j lets it pass, compared weakly', (ifMatch) => {
    expect(failedCondition(CURRENT, { ifMatch })).toBeUndefined();
  });

  it.each(OTHERS)('If-Match %j refuses it', (ifMatch) => {
    expect(failedCondition(CURRENT, { ifMatch })).toContain(CURRENT);
  });

  it.each(NAMING)('If-None-Match %j refuses it', (ifNoneMatch) => {
    expect(failedCondition(CURRENT, { ifNoneMatch })).toContain(CURRENT);
  });

  it('hold when there are none, and all of them must', () => {
    expect(failedCondition(CURRENT, {})).toBeUndefined();
    expect(failedCondition(CURRENT, { ifNoneMatch: 'W/"2"' })).toBeUndefined();
    expect(failedCondition(CURRENT, { ifMatch: CURRENT, ifNoneMatch: '*' })).toBeDefined();
  });
});
