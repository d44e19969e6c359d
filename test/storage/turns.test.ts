import { expect, it } from 'vitest';
import { isUnavailable } from '../../src/storage/errors.ts';
import { createTurns } from '../../src/storage/turns.ts';

/** Work that is under way until it is told to end. */
function job() {
  let end = () => {};
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { work: () => promise, end, fail };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets in so much at once, and no more of one tenant; then what has least under way, in the order in which it came', async () => {
  const turns = createTurns({ atOnce: 3, perTenant: 2, waitMs: 60_000 });
  const begun: string[] = [];
  const jobs = ['a', 'a', 'a', 'b', 'b', 'c'].map((tenant, index) => {
    const { work, end } = job();
    const name = `${tenant}${index}`;
    const done = turns.take(tenant, () => {
      begun.push(name);
      return work();
    });
    return { name, end, done };
  });
  await settled();
  expect(begun).toEqual(['a0', 'a1', 'b3']);
  jobs[3]?.end();
  await settled();
  expect(begun).toEqual(['a0', 'a1', 'b3', 'b4']);
  jobs[0]?.end();
  await settled();
  expect(begun).toEqual(['a0', 'a1', 'b3', 'b4', 'c5']);
  for (const { end } of jobs) end();
  await Promise.all(jobs.map(({ done }) => done));
  expect(begun.at(-1)).toBe('a2');
});

it('lets nothing that weighs little overtake what weighs much, unless that waits for its own tenant', async () => {
  const turns = createTurns({ atOnce: 10, perTenant: 6, waitMs: 60_000 });
  const begun: string[] = [];
  const take = (tenant: string, weight: number) => {
    const { work, end } = job();
    const name = `${tenant}${weight}`;
    const begin = () => {
      begun.push(name);
      return work();
    };
    return { end, done: turns.take(tenant, begin, weight) };
  };
  const all = [take('a', 6), take('a', 1), take('b', 5), take('c', 1), take('d', 99)];
  await settled();
  expect(begun).toEqual(['a6']);
  all[0]?.end();
  await settled();
  // What weighs more than a tenant may have counts as that.
  expect(begun).toEqual(['a6', 'a1', 'b5', 'c1']);
  all[2]?.end();
  await settled();
  expect(begun.at(-1)).toBe('d99');
  for (const { end } of all) end();
  await Promise.all(all.map(({ done }) => done));
});

it('lets nothing overtake what waits for its own tenant within that tenant', async () => {
  const turns = createTurns({ atOnce: 10, perTenant: 6, waitMs: 60_000 });
  const begun: number[] = [];
  const first = job();
  const held = turns.take('a', first.work, 4);
  const rest = [5, 1, 2].map((weight) => turns.take('a', async () => begun.push(weight), weight));
  const other = turns.take('b', async () => begun.push(99), 6);
  await other;
  expect(begun).toEqual([99]);
  first.end();
  await Promise.all([held, ...rest]);
  expect(begun).toEqual([99, 5, 1, 2]);
});

it('gives the place of what failed to the next', async () => {
  const turns = createTurns({ atOnce: 1, perTenant: 1, waitMs: 60_000 });
  const first = job();
  const failing = turns.take('a', first.work);
  const next = turns.take('b', async () => 'done');
  first.fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});

it('gives up what waits too long, as overload, and never begins it', async () => {
  const turns = createTurns({ atOnce: 1, perTenant: 1, waitMs: 5 });
  const first = job();
  const held = turns.take('a', first.work);
  let begun = false;
  const error = await turns
    .take('b', async () => {
      begun = true;
    })
    .catch((caught: unknown) => caught);
  expect(isUnavailable(error)).toBe(true);
  first.end();
  await held;
  expect(begun).toBe(false);
  expect(await turns.take('b', async () => 'free again')).toBe('free again');
});
