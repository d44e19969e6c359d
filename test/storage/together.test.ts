import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { MAX_TOGETHER, TOGETHER_PATIENCE_MS, TOGETHER_WAIT_MS, together } from '../../src/storage/together.ts';

const db = {} as Database;
const TENANT = 'a tenant';

/** Calls that end when they are told to. */
function held() {
  const calls: { readonly asks: readonly string[]; readonly end: () => void; readonly fail: (error: Error) => void }[] =
    [];
  const ask = together<string, string>(
    (_db, _tenantId, asks) =>
      new Promise((resolve, reject) => {
        calls.push({ asks, end: () => resolve(asks.map((one) => `answer to ${one}`)), fail: reject });
      }),
  );
  return { calls, ask: (one: string, tenantId = TENANT) => ask(db, tenantId, one) };
}

// A slow machine must not run out of patience.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('what is asked at the same time', () => {
  test('is answered by one call, each by its own answer', async () => {
    const { calls, ask } = held();
    const answers = Promise.all([ask('a'), ask('b'), ask('c')]);
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['a', 'b', 'c']]);
    calls[0]?.end();
    expect(await answers).toEqual(['answer to a', 'answer to b', 'answer to c']);
  });

  test('gathers while a call is under way', async () => {
    const { calls, ask } = held();
    void ask('a');
    await nextTurn();
    void ask('b');
    await nextTurn();
    void ask('c');
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['a']]);
    calls[0]?.end();
    await nextTurn();
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['a'], ['b', 'c']]);
  });

  test(`does not wait longer than ${TOGETHER_PATIENCE_MS} ms for a call that does not end`, async () => {
    const { calls, ask } = held();
    const slow = ask('slow');
    await nextTurn();
    const quick = ask('quick');
    vi.advanceTimersByTime(TOGETHER_PATIENCE_MS - 1);
    await nextTurn();
    expect(calls).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['slow'], ['quick']]);
    calls[1]?.end();
    expect(await quick).toBe('answer to quick');
    calls[0]?.end();
    expect(await slow).toBe('answer to slow');
  });

  test(`waits ${TOGETHER_WAIT_MS} ms for as many as came the last time`, async () => {
    const { calls, ask } = held();
    void ask('a');
    void ask('b');
    await nextTurn();
    calls[0]?.end();
    await nextTurn();
    void ask('c');
    await nextTurn();
    expect(calls).toHaveLength(1);
    void ask('d');
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    calls[1]?.end();
    await nextTurn();
    void ask('e');
    vi.advanceTimersByTime(TOGETHER_WAIT_MS - 1);
    await nextTurn();
    expect(calls).toHaveLength(2);
    vi.advanceTimersByTime(1);
    await nextTurn();
    expect(calls[2]?.asks).toEqual(['e']);
    calls[2]?.end();
    await nextTurn();
    void ask('f');
    await nextTurn();
    // In vain: nobody else came, so nobody is waited for.
    expect(calls[3]?.asks).toEqual(['f']);
  });

  test('is asked of each tenant by itself, and none waits for another', async () => {
    const { calls, ask } = held();
    void ask('a', 'one');
    void ask('b', 'other');
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['a'], ['b']]);
  });

  test(`is at most ${MAX_TOGETHER} of a call`, async () => {
    const { calls, ask } = held();
    const all = Promise.all(Array.from({ length: MAX_TOGETHER + 1 }, (_, index) => ask(`${index}`)));
    await nextTurn();
    expect(calls.map(({ asks }) => asks.length)).toEqual([MAX_TOGETHER]);
    calls[0]?.end();
    await nextTurn();
    await nextTurn();
    expect(calls.map(({ asks }) => asks.length)).toEqual([MAX_TOGETHER, 1]);
    calls[1]?.end();
    expect(new Set(await all).size).toBe(MAX_TOGETHER + 1);
  });

  test('is asked again one by one where the call fails, so that only who is at fault hears of it', async () => {
    const asked: (readonly string[])[] = [];
    const ask = together<string, string>(async (_db, _tenantId, asks) => {
      asked.push(asks);
      if (asks.includes('bad')) throw new Error('bad');
      return asks.map((one) => `answer to ${one}`);
    });
    const answers = await Promise.allSettled(['a', 'bad', 'c'].map((one) => ask(db, TENANT, one)));
    expect(answers).toEqual([
      { status: 'fulfilled', value: 'answer to a' },
      { status: 'rejected', reason: new Error('bad') },
      { status: 'fulfilled', value: 'answer to c' },
    ]);
    expect(asked).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  });

  test.each(['55P03', '57014'])(
    'is asked again one by one where one waited for a lock too long (%s): others ask for nothing that is locked',
    async (code) => {
      const locked = Object.assign(new Error('canceling statement'), { code, severity: 'ERROR' });
      const ask = together<string, string>(async (_db, _tenantId, asks) => {
        if (asks.includes('locked')) throw locked;
        return asks.map((one) => `answer to ${one}`);
      });
      const answers = await Promise.allSettled(['a', 'locked'].map((one) => ask(db, TENANT, one)));
      expect(answers).toEqual([
        { status: 'fulfilled', value: 'answer to a' },
        { status: 'rejected', reason: locked },
      ]);
    },
  );

  // A write may have been stored, and would be taken for another's when it is asked for again.
  test.each(['ECONNREFUSED', 'EPROTO', 'ENETDOWN', 'ERR_SSL_BAD_RECORD_TYPE', 'ESOMETHING', '57P01'])(
    'fails at once for all where the connection is lost (%s)',
    async (code) => {
      const { calls, ask } = held();
      const answers = Promise.allSettled([ask('a'), ask('b')]);
      await nextTurn();
      const away = Object.assign(new Error('connect'), { code, ...(code === '57P01' ? { severity: 'FATAL' } : {}) });
      calls[0]?.fail(away);
      expect(await answers).toEqual([
        { status: 'rejected', reason: away },
        { status: 'rejected', reason: away },
      ]);
      expect(calls).toHaveLength(1);
    },
  );

  test('is done for whoever comes after a call that failed', async () => {
    const { calls, ask } = held();
    const first = Promise.allSettled([ask('a')]);
    await nextTurn();
    calls[0]?.fail(new Error('it did'));
    await first;
    void ask('b');
    await nextTurn();
    expect(calls.map(({ asks }) => asks)).toEqual([['a'], ['b']]);
  });
});
