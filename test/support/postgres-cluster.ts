import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestServer } from './postgres.ts';
import { folderWith } from './programs.ts';

const START_TIMEOUT_MS = 30_000;
const RESTART_ATTEMPTS = 50;
const DEBIAN_FOLDER = '/usr/lib/postgresql';
// What a cluster that is thrown away can do without, and connections enough for parallel test files.
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200'];

/** A cluster that a test may treat badly. */
export interface TestCluster extends TestServer {
  /** Kills the server and all of its processes, as a power cut would; what it had promised must be there afterwards. */
  crash(): Promise<void>;
  /** Starts it again after a crash, unless it runs. */
  restart(): Promise<void>;
}

/** What a cluster is to be like. */
interface ClusterWishes {
  readonly settings?: readonly string[];
  /** Programs that must be installed beside it. */
  readonly programs?: readonly string[];
  /** The folder below which it is. */
  readonly parent?: string;
}

/** A cluster of our own, when PostgreSQL's binaries are installed. */
export async function startCluster({
  settings = SETTINGS,
  programs = [],
  parent = tmpdir(),
}: ClusterWishes = {}): Promise<TestCluster | undefined> {
  const bin = binaries('initdb', 'postgres', ...programs);
  if (!bin) return undefined;
  const owner = unprivileged();
  const folder = mkdtempSync(path.join(parent, 'rollcall-postgres-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const run = { ...owner, cwd: folder };
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...run, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { ...(await startServer(bin, folder, data, settings)), found: `binaries in ${bin}` };
}

/** Whether replicas can be made here: containers and servers that are only named have none. */
export function canReplicate(): boolean {
  return binaries('initdb', 'postgres', 'pg_basebackup') !== undefined;
}

/** Starts a streaming replica of the cluster, which must be one of these. */
export async function startReplica(primary: string): Promise<TestServer | undefined> {
  const bin = binaries('postgres', 'pg_basebackup');
  if (!bin) return undefined;
  const owner = unprivileged();
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-replica-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  // -R writes what makes the copy follow the server that it is taken from.
  const copy = ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', primary];
  execFileSync(path.join(bin, 'pg_basebackup'), copy, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  return { ...(await startServer(bin, folder, data, SETTINGS)), found: 'pg_basebackup' };
}

async function startServer(bin: string, folder: string, data: string, asked: readonly string[]) {
  const port = await freePort();
  const settings = [...asked, 'listen_addresses=127.0.0.1', `port=${port}`].flatMap((setting) => ['-c', setting]);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess;
  const launch = async () => {
    server = spawn(path.join(bin, 'postgres'), ['-D', data, '-k', folder, ...settings], {
      ...unprivileged(),
      cwd: folder,
      stdio: 'ignore',
    });
    await untilReady(url, server);
  };
  const kill = () => server.kill('SIGQUIT');
  process.once('exit', kill);
  await launch();
  return {
    url,
    crash: async () => {
      // Its children notice that it is gone, each at its next look; a new server waits until the last one has.
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await gone;
    },
    restart: async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          // Where the crash was its own it may have come up again by itself.
          return await (hasEnded(server) ? launch() : untilReady(url, server));
        } catch (error) {
          if (attempt === RESTART_ATTEMPTS) throw error;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
    stop: async () => {
      process.off('exit', kill);
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with these of PostgreSQL's programs, where there is one. */
function binaries(...programs: readonly string[]): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  return folderWith(
    programs,
    newestFirst.map((version) => path.join(DEBIAN_FOLDER, version, 'bin')),
  );
}

/** Whom a server runs as that refuses to be root, as PostgreSQL does: its own user, or nobody. */
export function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user here: the next one.
    }
  }
  return {};
}

/** A TCP port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
    if (hasEnded(server)) throw new Error(`postgres ended with code ${server.exitCode} before it was ready`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error('postgres did not become ready');
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (hasEnded(server)) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGINT');
  });
}
