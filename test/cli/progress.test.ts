import { describe, expect, it } from 'vitest';
import { LINE_MS, progressOn } from '../../src/cli/progress.ts';

function recorded(isScreen: boolean) {
  let now = 0;
  let text = '';
  const out = () => {};
  const err = (more: string) => {
    text += more;
  };
  const bar = progressOn({ environment: {}, out, err, isScreen }, () => now);
  return { bar, elapse: (ms: number) => (now += ms), written: () => text };
}

describe('progress', () => {
  it('is a line every few seconds where nobody looks at a screen', () => {
    const { bar, elapse, written } = recorded(false);
    bar.progressed('resources', 0, 10_000);
    elapse(LINE_MS - 1);
    bar.progressed('resources', 4000, 10_000);
    expect(written()).toBe('');
    elapse(1);
    bar.progressed('resources', 5000, 10_000);
    expect(written()).toBe('importing: 5000 of 10000 lines, 1000 a second, 5 s left\n');
    bar.progressed('resources', 5500, 10_000);
    bar.end();
    expect(written().split('\n')).toHaveLength(2);
  });

  it('is a bar on a screen, which makes way for other lines', () => {
    const { bar, elapse, written } = recorded(true);
    bar.progressed('groups', 0, 100);
    elapse(1000);
    bar.progressed('groups', 50, 100);
    expect(written()).toBe(
      `\r\u001b[K[${'#'.repeat(15)}${'-'.repeat(15)}] importing groups: 50 of 100 lines, 50 a second, 1 s left`,
    );
    bar.say('line 3: no');
    expect(written().endsWith('left\r\u001b[Kline 3: no\n')).toBe(true);
    bar.end();
    expect(written().endsWith('no\n')).toBe(true);
  });

  it('counts its speed from where an earlier run stopped', () => {
    const { bar, elapse, written } = recorded(false);
    bar.progressed('resources', 9000, 10_000);
    elapse(LINE_MS);
    bar.progressed('resources', 9500, 10_000);
    expect(written()).toContain('100 a second, 5 s left');
  });

  it('does not pretend to know the end before the file was read', () => {
    const { bar, elapse, written } = recorded(true);
    elapse(1000);
    bar.progressed('reading', 12_000_000, undefined);
    expect(written()).toBe('\r\u001b[Kreading: 12 MB');
  });
});
