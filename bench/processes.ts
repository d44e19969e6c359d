import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../test/support/postgres-cluster.ts';
import { ask } from './load.ts';

/** Where everything runs. */
export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
/** The command line as it is shipped. */
export const CLI = 'dist/cli.js';
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 5;

type Settings = Readonly<Record<string, string>>;

/** A process that listens. */
export interface Listening {
  readonly url: string;
  readonly pid: number;
  /** From its start until it answered for the first time. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Starts the server as it is shipped, and waits until it answers with its storage. */
export async function startServer(settings: Settings): Promise<Listening> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve'], {
    cwd: CHECKOUT,
    env: environment({ ...settings, PORT: String(port), LOG_LEVEL: 'error' }),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return { url, pid: pidOf(child), startMs: performance.now() - began, stop: () => stop(child) };
}

/** Starts what the server is compared with. */
export async function startFloor(databaseUrl: string): Promise<Listening> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/floor.ts'], {
    cwd: CHECKOUT,
    env: environment({ DATABASE_URL: databaseUrl }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = /port (\d+)\n/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`The floor ended with ${code}.`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return { url, pid: pidOf(child), startMs: performance.now() - began, stop: () => stop(child) };
}

/** Runs a command of the server's command line and gives the JSON that it prints. */
export async function command(words: readonly string[], settings: Settings): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...words, '--json'], {
    cwd: CHECKOUT,
    env: environment(settings),
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What a process of the server has of the environment. */
export function environment(settings: Settings): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...settings };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('A process could not be started.');
  return child.pid;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    try {
      const { status } = await ask({ url }, { method: 'GET', path: '/readyz' });
      if (status === 200) return;
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not answer within ${START_TIMEOUT_MS} ms.`);
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
