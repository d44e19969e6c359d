import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/directory/ids.ts';

const MANY = 1000;

describe('ids', () => {
  it('are UUIDs of version 7 that begin with the time', () => {
    const at = Date.UTC(2026, 0, 31, 10);
    const id = createIds(() => at)();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
  });

  it('are each higher than those before, within a millisecond and when the clock is set back', () => {
    let time = 5_000;
    const newId = createIds(() => time);
    const ids = Array.from({ length: MANY }, (_, index) => {
      if (index % 100 === 50) time += index % 200 === 50 ? 3 : -2;
      return newId();
    });
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(MANY);
  });

  it('of two makers differ', () => {
    const [one, another] = [createIds(() => 1), createIds(() => 1)];
    const ids = Array.from({ length: MANY }, () => [one(), another()]).flat();
    expect(new Set(ids).size).toBe(2 * MANY);
  });
});
