import { expect, it } from 'vitest';
import { createPasts } from '../../src/directory/past.ts';

const row = (version: number) => ({
  id: 'a',
  type: 1,
  version,
  created: '2026-01-01T00:00:00.000Z',
  lastModified: '2026-01-01T00:00:00.000Z',
  doc: '{}',
});

it('the past of a resource is its state before the first change since the lag began', () => {
  let now = 0;
  const past = createPasts(() => new Date(now)).of('tenant', 100);
  past.remember([{ id: 'a', row: undefined }]);
  now = 60;
  past.remember([{ id: 'a', row: row(1) }]);
  now = 99;
  expect(past.of('a')).toMatchObject({ row: undefined });
  now = 100;
  expect(past.of('a')?.row?.version).toBe(1);
  now = 160;
  expect(past.of('a')).toBeUndefined();
});

it('the past of a tenant is not that of another, and a shorter lag ends earlier', () => {
  let now = 0;
  const pasts = createPasts(() => new Date(now));
  pasts.of('tenant', 100).remember([{ id: 'a', row: row(1) }]);
  expect(pasts.of('other', 100).of('a')).toBeUndefined();
  now = 50;
  expect(pasts.of('tenant', 100).of('a')).toBeDefined();
  expect(pasts.of('tenant', 50).of('a')).toBeUndefined();
});

it('the past is of no more resources than there is room for: the longest remembered are forgotten', () => {
  const past = createPasts(() => new Date(0), 2).of('tenant', 100);
  for (const id of ['a', 'b', 'a', 'c']) past.remember([{ id, row: row(1) }]);
  expect(['a', 'b', 'c'].map((id) => past.of(id) !== undefined)).toEqual([true, false, true]);
});
