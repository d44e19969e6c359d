import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort, unprivileged } from './postgres-cluster.ts';
import { folderWith } from './programs.ts';

const START_TIMEOUT_MS = 20_000;
/** Where it may be though PATH does not name it: Debian installs it where only root looks. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/bin'];
/** The first version that keeps prepared statements in transaction mode. */
const KEEPS_STATEMENTS = 1.21;

/** A PgBouncer in transaction mode before a database. */
export interface Bouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The program and what it can do, or why there is none. */
export function findPgBouncer(): { program: string; keepsStatements: boolean } | { skip: string } {
  const folder = folderWith(['pgbouncer'], FOLDERS);
  if (folder === undefined) return { skip: 'PgBouncer is not installed (apt-get install pgbouncer)' };
  const program = path.join(folder, 'pgbouncer');
  const [, version] = /PgBouncer (\d+\.\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? [];
  return { program, keepsStatements: Number(version) >= KEEPS_STATEMENTS };
}

/** Starts it with fewer connections to the server than it is asked for, so that each serves many. */
export async function startPgBouncer(
  program: string,
  database: string,
  settings: readonly string[] = [],
): Promise<Bouncer> {
  const owner = unprivileged();
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-pgbouncer-'));
  const target = new URL(database);
  const name = target.pathname.slice(1);
  const port = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  const password = target.password === '' ? '' : ` password=${decodeURIComponent(target.password)}`;
  writeFileSync(
    file,
    [
      '[databases]',
      `${name} = host=${target.hostname} port=${target.port || 5432} user=${target.username}${password}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      'default_pool_size = 3',
      ...settings,
    ].join('\n'),
  );
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const place of [folder, file]) chownSync(place, owner.uid, owner.gid);
  }
  const bouncer = spawn(program, [file], { ...owner, cwd: folder, stdio: 'ignore' });
  const kill = () => bouncer.kill('SIGKILL');
  process.once('exit', kill);
  const url = `postgres://${target.username}@127.0.0.1:${port}/${name}`;
  await untilReady(url);
  return {
    url,
    stop: async () => {
      process.off('exit', kill);
      await new Promise<void>((resolve) => {
        bouncer.once('exit', () => resolve());
        bouncer.kill('SIGTERM');
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error('PgBouncer did not become ready');
}
