import { expect, it, vi } from 'vitest';
import { startChores } from '../src/chores.ts';
import { createLogger } from '../src/logger.ts';

it('are done soon and again, one run of each at a time, and a failure is logged and no end', async () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
  let runs = 0;
  let atOnce = 0;
  let most = 0;
  const slow = {
    name: 'slow',
    everySeconds: 0.001,
    run: async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce--;
      if (++runs === 2) throw new Error('second time');
    },
  };
  const chores = startChores([slow], logger);
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3));
  await chores.stop();
  expect([most, atOnce]).toEqual([1, 0]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('second time');
  const done = runs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(done);
});
