import { describe, expect, it } from 'vitest';
import { LATE_COMMIT_MS, UnsealedTenants } from '../../src/events/unsealed-tenants.ts';

const at = (milliseconds: number) => new Date(1_800_000_000_000 + milliseconds);

describe('the tenants that a process has heard of', () => {
  it('come in turns, so that one with a lot to seal does not keep the others waiting', () => {
    const unsealed = new UnsealedTenants();
    for (const id of ['a', 'b', 'c']) unsealed.note(id, at(0));
    // A round that had time for two, then one that has time for all.
    const [first, second] = unsealed.turns();
    expect([first, second]).toEqual(['a', 'b']);
    unsealed.note('b', at(1));
    expect([...unsealed.turns()]).toEqual(['c', 'a', 'b']);
  });

  it('are dropped when all that may still have been committed was sealed', () => {
    const unsealed = new UnsealedTenants();
    unsealed.note('a', at(0));
    unsealed.note('a', at(10));
    unsealed.sealed('a', at(10 + LATE_COMMIT_MS - 1));
    expect(unsealed.has('a')).toBe(true);
    unsealed.sealed('a', at(10 + LATE_COMMIT_MS));
    expect(unsealed.has('a')).toBe(false);
    unsealed.sealed('a', at(0));
    expect([...unsealed.turns()]).toEqual([]);
  });
});
