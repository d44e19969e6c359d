import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of a process, in clock ticks. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly ended: number;
}

/** Reads a line of `/proc/<pid>/stat`; the name in it may hold spaces and brackets. */
export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (position: number) => Number(fields[position]);
  return { pid: Number.parseInt(text, 10), parent: at(1), ticks: at(11) + at(12), ended: at(13) + at(14) };
}

/** The ticks of a process and of all below it, those that have ended too: it never becomes less. */
export function ticksBelow(all: readonly ProcessTimes[], root: number): number {
  let sum = 0;
  for (const one of all) {
    if (one.pid === root) sum += one.ticks + one.ended;
    else if (one.parent === root) sum += ticksBelow(all, one.pid);
  }
  return sum;
}

/** CPU time in milliseconds that a process and those below it have used; undefined where there is no `/proc`. */
export function cpuOf(root: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const all: ProcessTimes[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.push(parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended between the listing and the reading; its parent has its time.
    }
  }
  return (ticksBelow(all, root) * 1000) / ticksPerSecond();
}

let known: number | undefined;

function ticksPerSecond(): number {
  known ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return known;
}

/** The process that a PostgreSQL backend came from, when it runs on this machine and in sight. */
export function postmasterOf(backend: number): number | undefined {
  try {
    if (!readFileSync(`/proc/${backend}/cmdline`, 'utf8').startsWith('postgres')) return undefined;
    return parseStat(readFileSync(`/proc/${backend}/stat`, 'utf8')).parent;
  } catch {
    return undefined;
  }
}
