import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStorage, rows } from '../../src/storage/database.ts';
import { StorageOpenError } from '../../src/storage/errors.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { IDLE_MS } from '../../src/storage/postgres-pool.ts';
import { databases, emptyPostgres } from '../support/database.ts';

describe('openStorage, embedded', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps the data in a folder that only its user may read, and lets one in at a time', {
    timeout: 120_000,
  }, async () => {
    const dataDir = path.join(folder, 'new', 'data');
    const storage = await openStorage({ dataDir });
    expect(storage.kind).toBe('embedded');
    await migrate(storage);
    await storage.db.execute(sql`create table kept as select 1 as n`);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, 'database')).mode & 0o777).toBe(0o700);
    await expect(openStorage({ dataDir })).rejects.toThrow(StorageOpenError);
    await storage.close();

    const again = await openStorage({ dataDir });
    expect(await rows(again.db, sql`select n from kept`)).toEqual([{ n: 1 }]);
    await again.close();
  });

  it('says so when the folder can not be made', async () => {
    await expect(openStorage({ dataDir: '/dev/null/data' })).rejects.toThrow('Check DATA_DIR');
  });

  it('frees the lock when the database can not be opened', async () => {
    const dataDir = path.join(folder, 'data');
    mkdirSync(path.join(dataDir, 'database'), { recursive: true });
    const broken = { dataDir, snapshot: new Blob(['no dump']) };
    await expect(openStorage(broken)).rejects.toThrow("can't be opened");
    await expect(openStorage(broken)).rejects.toThrow("can't be opened");
  });
});

describe('openStorage, PostgreSQL', () => {
  it.each(['localhost:5432/x', 'mysql://localhost/x', 'postgres://[/x'])(
    'refuses %s, which is no address',
    async (url) => {
      await expect(openStorage({ databaseUrl: url, dataDir: 'memory:' })).rejects.toThrow(
        'DATABASE_URL is not the address',
      );
    },
  );

  it('says what to check when nothing listens, and not the password', async () => {
    const url = `postgres://someone:hunter2@127.0.0.1:${await closedPort()}/x`;
    const error = await openStorage({ databaseUrl: url, dataDir: 'memory:' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StorageOpenError);
    const { message } = error as Error;
    expect(message).toContain('ECONNREFUSED');
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('\n');
  });

  const postgres = databases().find(({ name }) => name === 'postgres');
  describe.skipIf(postgres?.skip !== undefined)('with a server', () => {
    it('says so when the database does not exist', async () => {
      const empty = await emptyPostgres();
      await empty?.drop();
      await expect(openStorage({ databaseUrl: empty?.url ?? '', dataDir: 'memory:' })).rejects.toThrow(
        'does not exist',
      );
    });

    it('keeps a connection that is idle, for so long', async () => {
      // Before the first timer is set, which is when the first connection is idle.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const storage = await postgres?.open();
      if (!storage) throw new Error('no PostgreSQL');
      const backend = async () => {
        const [found] = await rows<{ pid: number }>(storage.db, sql`select pg_backend_pid() as pid`);
        return found?.pid;
      };
      try {
        const first = await backend();
        vi.advanceTimersByTime(IDLE_MS - 1);
        expect(await backend()).toBe(first);
        vi.advanceTimersByTime(IDLE_MS);
        expect(await backend()).not.toBe(first);
      } finally {
        vi.useRealTimers();
        await storage.close();
      }
    });

    it('asks nothing more on a connection that the server has ended amid a statement', async () => {
      const storage = await postgres?.open();
      if (!storage) throw new Error('no PostgreSQL');
      await Promise.all(Array.from({ length: 4 }, () => rows(storage.db, sql`select pg_sleep(0.05)`)));
      const ending = sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query like 'select pg_sleep(60)%'`;
      for (let round = 0; round < 5; round++) {
        const ended = rows(storage.db, sql`select pg_sleep(60)`).then(
          () => Promise.reject(new Error('it was not ended')),
          () => storage.ping(),
        );
        await expect.poll(async () => (await rows(storage.db, ending)).length).toBe(1);
        await expect(ended).resolves.toBeUndefined();
      }
      await storage.close();
    });

    it('outlives a connection that the server ends', async () => {
      const storage = await postgres?.open();
      if (!storage) throw new Error('no PostgreSQL');
      const [backend] = await rows<{ pid: number }>(storage.db, sql`select pg_backend_pid() as pid`);
      const other = await openStorage({ databaseUrl: (await serverOf()) ?? '', dataDir: 'memory:' });
      await other.db.execute(sql`select pg_terminate_backend(${backend?.pid}::int)`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await expect(storage.ping()).resolves.toBeUndefined();
      await other.close();
      await storage.close();
    });
  });
});

async function serverOf(): Promise<string | undefined> {
  const empty = await emptyPostgres();
  if (!empty) return undefined;
  await empty.drop();
  const url = new URL(empty.url);
  url.pathname = '/postgres';
  return url.href;
}

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 1));
    });
  });
}
