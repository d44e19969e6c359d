import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** What a command line left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command line that runs in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  printed(): { out: string; err: string };
  /** Resolves when standard output matches; rejects when the process ends before. */
  prints(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly ended: Promise<Outcome>;
}

/** Starts `rollcall`, as the run's setup built it, with these words; of the environment it has only what it needs to run, and what is given. */
export function start(words: readonly string[], environment: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, ['dist/cli.js', ...words], {
    cwd: CHECKOUT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return {
    process: child,
    printed: () => ({ out, err }),
    ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = out.match(pattern);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`It ended without printing ${pattern}: ${out}${err}`)));
        look();
      }),
  };
}

/** Runs `rollcall` with these words to its end. */
export function run(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  return start(words, environment).ended;
}
