import { describe, expect, it } from 'vitest';
import { LookedThrough } from '../../src/events/looked-through.ts';

const look = (after: string, last: string, count: number) => ({ after, last, count });

describe('what rounds have looked through', () => {
  it('is known in the next round, as far as it lies behind an id', () => {
    const looked = new LookedThrough();
    looked.begin();
    looked.add('t', look('a', 'd', 3));
    looked.add('t', look('d', 'g', 2));
    expect(looked.knownAfter('t', 'a')).toBeUndefined();
    looked.begin();
    expect(looked.knownAfter('t', 'b')).toEqual(look('a', 'g', 5));
    expect(looked.knownAfter('u', 'b')).toBeUndefined();
    looked.add('t', look('g', 'j', 1));
    looked.begin();
    expect(looked.knownAfter('t', 'd')).toEqual(look('d', 'j', 3));
    looked.begin();
    // All of it is before that id.
    expect(looked.knownAfter('t', 'j')).toBeUndefined();
  });

  it('is not known where it begins behind the id', () => {
    const looked = new LookedThrough();
    looked.begin();
    looked.add('t', look('c', 'd', 3));
    looked.begin();
    expect(looked.knownAfter('t', 'b')).toBeUndefined();
    expect(looked.knownAfter('t', 'c')).toEqual(look('c', 'd', 3));
  });

  it('is forgotten when there are more events, and by a round that leaves the tenant out', () => {
    const looked = new LookedThrough();
    looked.begin();
    looked.add('t', look('a', 'd', 3));
    looked.begin();
    expect(looked.knownAfter('t', 'a')).toBeDefined();
    looked.forget('t');
    looked.add('t', look('b', 'e', 4));
    looked.begin();
    expect(looked.knownAfter('t', 'b')).toEqual(look('b', 'e', 4));
    looked.begin();
    looked.begin();
    expect(looked.knownAfter('t', 'b')).toBeUndefined();
  });
});
