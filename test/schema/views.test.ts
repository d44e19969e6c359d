import { expect, it } from 'vitest';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { VIEW_TYPES } from '../../src/schema/views.ts';

it('types that are made of other rows share no name, endpoint, URN or number with any other', () => {
  const all = [USER_TYPE, GROUP_TYPE, ...VIEW_TYPES];
  const values: (string | number)[][] = [
    all.map(({ name }) => name),
    all.map(({ endpoint }) => endpoint),
    all.map(({ schema }) => schema.id),
    all.map(({ number }) => number),
  ];
  for (const ofAll of values) expect(new Set(ofAll).size).toBe(all.length);
  // Rows are stored under positive numbers only.
  expect(VIEW_TYPES.filter(({ number }) => number > 0)).toEqual([]);
});
