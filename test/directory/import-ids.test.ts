import { expect, it } from 'vitest';
import { newIdFor } from '../../src/directory/import-ids.ts';

const startedAt = new Date('2026-11-21T12:00:00.000Z');
const one = { tenantId: 't', id: '01a1fe06-0000-7000-8000-000000000001', startedAt };
const another = { ...one, id: '01a1fe06-0000-7000-8000-000000000002' };
const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

it('gives the same id for each mention, and another in another import', () => {
  expect(newIdFor(one, 'id a', 1)).toBe(newIdFor(one, 'id a', 1));
  expect(newIdFor(one, 'id a', 1)).not.toBe(newIdFor(one, 'id b', 1));
  expect(newIdFor(one, 'id a', 1)).not.toBe(newIdFor(another, 'id a', 1));
  expect(newIdFor(one, 'id a', 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('keeps the time of an old id that tells one, unless that is yet to come', () => {
  const past = '0190a1b2-c3d4-7abc-8def-0123456789ab';
  expect(timeOf(newIdFor(one, `id ${past}`, 1))).toBe(timeOf(past));
  expect(newIdFor(one, `id ${past}`, 1).slice(14)).not.toBe(past.slice(14));
  for (const odd of ['id ffffffff-ffff-7fff-8fff-ffffffffffff', 'id 0190a1b2-c3d4-4abc-8def-0123456789ab', 'line 1']) {
    expect(timeOf(newIdFor(one, odd, 1))).toBe(startedAt.getTime());
  }
});

it('puts those of the same time into the order of lines, as many as there may be', () => {
  const lines = [1, 2, 255, 256, 4095, 4096, 2 ** 20 - 1, 2 ** 20, 2 ** 24, 2 ** 32 - 1];
  const ids = lines.map((line) => newIdFor(one, `line ${line}`, line));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(lines.length);
});
