import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { Target } from './load.ts';
import type { Listening } from './processes.ts';
import { quantile } from './report.ts';

const READS = 5;

/** What it takes to read a group with all its members. */
export interface WholeGroup {
  readonly members: number;
  /** Until the first byte of the body, the middle of several reads. */
  readonly firstByteMs: number;
  /** Until the last byte. */
  readonly wholeMs: number;
  /** By how much the server's process grew at most during one read; undefined where there is no `/proc`. */
  readonly grownMb: number | undefined;
}

/** Reads the group several times, one after the other. */
export async function readWholeGroup(
  target: Target,
  server: Listening,
  path: string,
  members: number,
): Promise<WholeGroup> {
  const [first, whole, grown]: [number[], number[], number[]] = [[], [], []];
  for (let read = 0; read < READS; read++) {
    const before = memoryOf(server.pid);
    const { firstByteMs, wholeMs } = await timed(target, path);
    const after = memoryOf(server.pid, 'VmHWM');
    first.push(firstByteMs);
    whole.push(wholeMs);
    if (before !== undefined && after !== undefined) grown.push(after - before);
  }
  const middle = (times: number[]) =>
    quantile(
      times.toSorted((a, b) => a - b),
      0.5,
    );
  return {
    members,
    firstByteMs: middle(first),
    wholeMs: middle(whole),
    grownMb: grown.length === READS ? Math.max(...grown) : undefined,
  };
}

function timed({ url, token }: Target, path: string): Promise<{ firstByteMs: number; wholeMs: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = get(`${url}${path}`, { agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let firstByteMs: number | undefined;
      response.on('data', () => {
        firstByteMs ??= performance.now() - began;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`GET ${path}: ${response.statusCode}`));
        else resolve({ firstByteMs: firstByteMs ?? Number.NaN, wholeMs: performance.now() - began });
      });
    });
    sent.on('error', reject);
  });
}

/** Megabytes that a process has, or the most that it had since this was asked for what it has. */
function memoryOf(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    // The kernel's word for forgetting the most that there was.
    if (which === 'VmRSS') writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
