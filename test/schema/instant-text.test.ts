import { expect, it } from 'vitest';
import { instantText } from '../../src/schema/instant-text.ts';

it('tells each instant as it is, whichever came before', () => {
  const instants = [0, 1, 1, 0, Date.UTC(2026, 10, 22, 5, 6, 7, 89), -1, Date.UTC(2026, 10, 22, 5, 6, 7, 89), 1];
  for (const time of instants) expect(instantText(new Date(time))).toBe(new Date(time).toISOString());
  expect(() => instantText(new Date(Number.NaN))).toThrow(RangeError);
});
