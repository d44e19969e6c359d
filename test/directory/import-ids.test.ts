import { expect, it } from 'vitest';
import { newIdFor, SourceIds } from '../../src/directory/import-ids.ts';

const startedAt = new Date('2026-11-21T12:00:00.000Z');
const one = { tenantId: 't', id: '01a1fe06-0000-7000-8000-000000000001', startedAt };
const another = { ...one, id: '01a1fe06-0000-7000-8000-000000000002' };
const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

it('gives the same id for each mention, and another in another import', () => {
  expect(newIdFor(one, 'id a')).toBe(newIdFor(one, 'id a'));
  expect(newIdFor(one, 'id a')).not.toBe(newIdFor(one, 'id b'));
  expect(newIdFor(one, 'id a')).not.toBe(newIdFor(another, 'id a'));
  expect(newIdFor(one, 'id a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('keeps the time of an old id that tells one, unless that is yet to come', () => {
  const past = '0190a1b2-c3d4-7abc-8def-0123456789ab';
  expect(timeOf(newIdFor(one, `id ${past}`))).toBe(timeOf(past));
  expect(newIdFor(one, `id ${past}`).slice(14)).not.toBe(past.slice(14));
  for (const odd of ['id ffffffff-ffff-7fff-8fff-ffffffffffff', 'id 0190a1b2-c3d4-4abc-8def-0123456789ab', 'line 1']) {
    expect(timeOf(newIdFor(one, odd))).toBe(startedAt.getTime());
  }
});

it('knows which ids were there', () => {
  const ids = new SourceIds();
  expect([ids.add('a'), ids.add('b'), ids.add('a')]).toEqual([true, true, false]);
  expect([ids.has('a'), ids.has('c')]).toEqual([true, false]);
});
