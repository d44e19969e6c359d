import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRateLimiter, type RateLimiter, SWEEP_SECONDS } from '../../src/access/rate-limiter.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { KEPT_SECONDS } from '../../src/storage/rate-windows.ts';
import { describeEachDatabase } from '../support/database.ts';
import { watchStatements } from '../support/statements.ts';

const START = Date.UTC(2026, 0, 1);

/** A clock that stands until it is set. */
function pinned(at = START) {
  const clock = { at, now: () => new Date(clock.at) };
  return clock;
}

function counted(tenantId: string = randomUUID(), subject = tenantId) {
  return { tenantId, subject };
}

/** How many of that many requests are let in, all at once. */
async function allowed(limiter: RateLimiter, who: ReturnType<typeof counted>, limit: number, requests: number) {
  const verdicts = await Promise.all(Array.from({ length: requests }, () => limiter.take(who, limit)));
  return verdicts.filter((verdict) => verdict.allowed).length;
}

describeEachDatabase('a rate limiter', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  const windowsOf = (tenantId: string) =>
    rows<{ second: number }>(
      storage.db,
      sql`select second from rate_windows where tenant_id = ${tenantId}::uuid order by second`,
    );

  it.each([1, 2, 7, 25, 100])('lets in %i of a second and not one more, and as many in the next', async (limit) => {
    const clock = pinned();
    const limiter = createRateLimiter(storage.db, clock.now);
    const who = counted();
    for (let left = limit - 1; left >= 0; left--) {
      expect(await limiter.take(who, limit)).toEqual({ allowed: true, remaining: left, msLeft: 1000 });
    }
    expect(await limiter.take(who, limit)).toEqual({ allowed: false, remaining: 0, msLeft: 1000 });
    clock.at += 999;
    expect(await limiter.take(who, limit)).toEqual({ allowed: false, remaining: 0, msLeft: 1 });
    clock.at += 1;
    expect(await limiter.take(who, limit)).toEqual({ allowed: true, remaining: limit - 1, msLeft: 1000 });
  });

  it('lets in as many when they come at once', async () => {
    const limiter = createRateLimiter(storage.db, pinned().now);
    expect(await allowed(limiter, counted(), 40, 100)).toBe(40);
  });

  it('lets in no more for several processes together', async () => {
    const clock = pinned();
    const processes = Array.from({ length: 4 }, () => createRateLimiter(storage.db, clock.now));
    const who = counted();
    const each = await Promise.all(processes.map((limiter) => allowed(limiter, who, 100, 100)));
    expect(each.reduce((sum, one) => sum + one, 0)).toBe(100);
  });

  it('loses little to processes that have reserved and are idle', async () => {
    const clock = pinned();
    const who = counted();
    const idle = Array.from({ length: 3 }, () => createRateLimiter(storage.db, clock.now));
    for (const limiter of idle) expect(await allowed(limiter, who, 100, 5)).toBe(5);
    // Each holds what it reserved with its last question: 1 and 2 and 4, of which 5 were used.
    expect(await allowed(createRateLimiter(storage.db, clock.now), who, 100, 100)).toBe(100 - 3 * 7);
    for (const limiter of idle) expect(await allowed(limiter, who, 100, 5)).toBe(2);
  });

  it('counts tenants and credentials apart', async () => {
    const limiter = createRateLimiter(storage.db, pinned().now);
    const tenantId = randomUUID();
    for (const who of [counted(tenantId), counted(tenantId, randomUUID()), counted()]) {
      expect(await allowed(limiter, who, 3, 5)).toBe(3);
    }
  });

  it('follows a limit that is changed within the second', async () => {
    const clock = pinned();
    const who = counted();
    expect(await allowed(createRateLimiter(storage.db, clock.now), who, 10, 20)).toBe(10);
    const another = createRateLimiter(storage.db, clock.now);
    expect(await allowed(another, who, 5, 20)).toBe(0);
    expect(await allowed(createRateLimiter(storage.db, clock.now), who, 12, 20)).toBe(2);
  });

  it('asks the database seldom', async () => {
    const limiter = createRateLimiter(storage.db, pinned().now);
    const who = counted();
    const statements = watchStatements(storage);
    for (let request = 0; request < 150; request++) await limiter.take(who, 300);
    const questions = statements.taken().length;
    expect(questions).toBeGreaterThan(1);
    expect(questions).toBeLessThan(15);
  });

  it('leaves no more rows behind than those of the time between two sweeps', async () => {
    const clock = pinned();
    const limiter = createRateLimiter(storage.db, clock.now);
    const who = counted();
    const first = START / 1000;
    for (let second = 0; second < SWEEP_SECONDS; second++) {
      await limiter.take(who, 5);
      clock.at += 1000;
    }
    expect(await windowsOf(who.tenantId)).toHaveLength(SWEEP_SECONDS);
    await limiter.take(who, 5);
    const kept = await windowsOf(who.tenantId);
    expect(kept.map(({ second }) => second - first)).toEqual([
      SWEEP_SECONDS - KEPT_SECONDS,
      SWEEP_SECONDS - 1,
      SWEEP_SECONDS,
    ]);
  });

  it('goes by the clock of the database', async () => {
    const limiter = createRateLimiter(storage.db);
    const who = counted();
    const [before] = await rows<{ second: number }>(
      storage.db,
      sql`select floor(extract(epoch from now()))::int as second`,
    );
    const verdict = await limiter.take(who, 1);
    expect(verdict.msLeft).toBeLessThanOrEqual(1000);
    const [window] = await windowsOf(who.tenantId);
    expect(window?.second).toBeGreaterThanOrEqual(before?.second ?? Number.NaN);
    let waited = 0;
    while (!(await limiter.take(who, 1)).allowed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      waited += 1;
    }
    expect(waited).toBeLessThan(200);
  });
});

describe('a rate limiter whose database fails', () => {
  it('fails the request, and works again with the database', async () => {
    let broken = true;
    const db = {
      execute: async () => {
        if (broken) throw new Error('no connection');
        return [{ second: 1, left: 500, taken: 1 }];
      },
    };
    const limiter = createRateLimiter(db as unknown as Storage['db'], pinned().now);
    const who = counted();
    await expect(limiter.take(who, 5)).rejects.toThrow('no connection');
    broken = false;
    expect(await limiter.take(who, 5)).toMatchObject({ allowed: true, remaining: 4 });
  });
});
