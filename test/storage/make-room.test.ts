import { expect, it } from 'vitest';
import { makeRoom } from '../../src/storage/make-room.ts';

it('forgets the oldest where there is no room for one more, and only then', () => {
  const map = new Map([
    ['first', 1],
    ['second', 2],
  ]);
  makeRoom(map, 3);
  expect([...map.keys()]).toEqual(['first', 'second']);
  makeRoom(map, 2);
  expect([...map.keys()]).toEqual(['second']);
  const set = new Set(['a', 'b']);
  makeRoom(set, 2);
  expect([...set]).toEqual(['b']);
  makeRoom(new Map(), 0);
});
