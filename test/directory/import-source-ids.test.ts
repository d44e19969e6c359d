import { expect, it } from 'vitest';
import { SourceIds } from '../../src/directory/import-source-ids.ts';

it('knows which ids were there, and their first lines', () => {
  const ids = new SourceIds();
  expect([ids.add('a', 1), ids.add('b', 2), ids.add('a', 3)]).toEqual([true, true, false]);
  expect([ids.has('a'), ids.has('c')]).toEqual([true, false]);
  expect([ids.lineOf('a'), ids.lineOf('b'), ids.lineOf('c')]).toEqual([1, 2, undefined]);
});

it('knows each of many', () => {
  const ids = new SourceIds();
  const many = Array.from({ length: 5000 }, (_, index) => index + 1);
  expect(many.every((line) => ids.add(`person-${line}`, line))).toBe(true);
  expect(many.every((line) => ids.lineOf(`person-${line}`) === line)).toBe(true);
  expect(many.some((line) => ids.has(`other-${line}`))).toBe(false);
  expect(many.some((line) => ids.add(`person-${line}`, line + 1))).toBe(false);
});
