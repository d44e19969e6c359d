import { describe, expect, it } from 'vitest';
import { createFailureLimit, FAILURE_WINDOW_SECONDS, MAX_FAILURES } from '../../../src/access/oauth/failure-limit.ts';

describe('failures', () => {
  it('count by client and address, for a while', () => {
    let now = 0;
    const limit = createFailureLimit(() => new Date(now));
    for (let failed = 0; failed < MAX_FAILURES - 1; failed++) limit.count('1.1.1.1', 'a');
    expect(limit.waitFor('1.1.1.1', 'a')).toBe(0);
    now += 1500;
    limit.count('1.1.1.1', 'a');
    expect(limit.waitFor('1.1.1.1', 'a')).toBe(FAILURE_WINDOW_SECONDS - 1);
    expect([limit.waitFor('1.1.1.2', 'a'), limit.waitFor('1.1.1.1', 'b')]).toEqual([0, 0]);
    now = FAILURE_WINDOW_SECONDS * 1000;
    expect(limit.waitFor('1.1.1.1', 'a')).toBe(0);
    limit.count('1.1.1.1', 'a');
    expect(limit.waitFor('1.1.1.1', 'a')).toBe(0);
  });
  it('of many clients are not all remembered', () => {
    const limit = createFailureLimit(() => new Date(0), 2);
    for (let failed = 0; failed < MAX_FAILURES; failed++) limit.count('x', 'a');
    limit.count('x', 'b');
    expect(limit.waitFor('x', 'a')).toBeGreaterThan(0);
    limit.count('x', 'c');
    expect(limit.waitFor('x', 'a')).toBe(0);
  });
});
