import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { openStorage, type Storage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { REPLICA_ANSWER_MS, REPLICA_REST_MS } from '../../src/storage/replica.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { lineTo } from '../support/line.ts';
import type { TestServer } from '../support/postgres.ts';
import { canReplicate, startCluster, startReplica } from '../support/postgres-cluster.ts';
import { type Statements, watchStatements } from '../support/statements.ts';

/** Two processes, as far as a database can tell: each has its own pools and remembers nothing of the other. */
const SERVERS = 2;
const skip = canReplicate() ? '' : ': pg_basebackup is not installed here, so that no replica can be made';
let number = 0;
const user = () => ({ schemas: [USER_SCHEMA], userName: `user-${++number}` });

describe.skipIf(skip !== '')(`reads on a streaming replica${skip}`, () => {
  let primary: TestServer | undefined;
  let replica: TestServer | undefined;
  let storages: Storage[];
  let apps: TestApp[];
  let statements: Statements;
  let token: string;
  const told: unknown[] = [];
  const replicaWatcher = (cause: unknown) => told.push(cause);

  beforeAll(async () => {
    // One that keeps what it commits in order: what a replica is sent has been flushed.
    primary = await startCluster({
      settings: ['fsync=off', 'full_page_writes=off', 'max_connections=60'],
      programs: ['pg_basebackup'],
    });
    replica = await startReplica(primary?.url ?? '');
    const urls = { databaseUrl: primary?.url ?? '', databaseReadUrl: replica?.url ?? '' };
    const options = { ...urls, dataDir: 'memory:', replicaWatcher };
    storages = await Promise.all(Array.from({ length: SERVERS }, () => openStorage({ ...options, poolSize: 4 })));
    for (const storage of storages) await migrate(storage);
    apps = await Promise.all(storages.map((storage) => startApp({ storage, profile: 'rfc' })));
    token = apps[0]?.token ?? '';
    for (const storage of storages.slice(0, 1)) statements = watchStatements(storage);
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    for (const storage of storages) await storage.close();
    await replica?.stop();
    await primary?.stop();
  });

  const ask = (server: number, method: string, path: string, body?: JsonObject) =>
    send(`${apps[server]?.url}${path}`, method, token, body);

  async function onReplica(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: replica?.url ?? '' });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  /** What the first server asked the primary for beside how far its log is, to answer the request. */
  async function askedOfPrimary(path: string): Promise<string[]> {
    await ask(0, 'GET', path);
    statements.taken();
    expect((await ask(0, 'GET', path)).status).toBe(200);
    return statements.taken().filter((text) => !text.includes('pg_current_wal_flush_lsn'));
  }

  const usesReplica = async () => (await askedOfPrimary('/Users?count=1')).length === 0;

  it('are sent to the replica, writes to the primary', async () => {
    const { body } = await ask(0, 'POST', '/Users', user());
    const paths = [`/Users/${body.id}`, '/Users?count=1', '/Users?filter=userName%20co%20%22user%22', '/?count=1'];
    // On a busy machine the replica may be behind for a moment.
    for (const path of paths) await expect.poll(() => askedOfPrimary(path), { timeout: 30_000 }).toEqual([]);
  });

  it('show what the client has just written, whichever server it is sent to', async () => {
    for (let n = 0; n < 10; n++) {
      const [writer, reader] = n % 2 === 0 ? [0, 1] : [1, 0];
      const made = await ask(writer, 'POST', '/Users', user());
      const path = `/Users/${made.body.id}`;
      expect((await ask(reader, 'GET', path)).status).toBe(200);
      const off = [{ op: 'replace', path: 'active', value: false }];
      await ask(reader, 'PATCH', path, { schemas: [PATCH_OP], Operations: off });
      expect((await ask(writer, 'GET', path)).body).toMatchObject({ active: false, userName: made.body.userName });
      await ask(writer, 'DELETE', path);
      expect((await ask(reader, 'GET', path)).status).toBe(404);
    }
  });

  it('go to the primary while the replica is behind, and back when it has caught up', async () => {
    await onReplica('select pg_wal_replay_pause()');
    const made = await ask(0, 'POST', '/Users', user());
    for (let server = 0; server < SERVERS; server++) {
      expect((await ask(server, 'GET', `/Users/${made.body.id}`)).body).toMatchObject({ id: made.body.id });
      const filter = new URLSearchParams({ filter: `userName eq "${made.body.userName}"` });
      expect((await ask(server, 'GET', `/Users?${filter}`)).body).toMatchObject({ totalResults: 1 });
    }
    await onReplica('select pg_wal_replay_resume()');
    await new Promise((resolve) => setTimeout(resolve, REPLICA_REST_MS));
    await expect.poll(usesReplica, { timeout: 30_000 }).toBe(true);
  });

  it('are refused at the start where the address leads to another database of the same cluster', async () => {
    const name = 'beside';
    const client = new pg.Client({ connectionString: primary?.url ?? '' });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = new URL(replica?.url ?? '');
    url.pathname = `/${name}`;
    const there = async () => {
      const beside = new pg.Client({ connectionString: url.href });
      await beside.connect();
      await beside.end();
      return true;
    };
    await expect.poll(() => there().catch(() => false), { timeout: 30_000 }).toBe(true);
    const options = { databaseUrl: primary?.url ?? '', databaseReadUrl: url.href, dataDir: 'memory:' };
    await expect(openStorage(options)).rejects.toThrow('leads to another database');
  });

  it('go to the primary when nothing comes from the replica any more, and back when it answers', async () => {
    const url = new URL(replica?.url ?? '');
    const line = await lineTo(url.hostname, Number(url.port));
    url.port = String(line.port);
    const heard: unknown[] = [];
    const storage = await openStorage({
      databaseUrl: primary?.url ?? '',
      databaseReadUrl: url.href,
      dataDir: 'memory:',
      replicaWatcher: (cause) => heard.push(cause),
      // So that the connection is given up within the test.
      statementTimeoutMs: 500,
    });
    const app = await startApp({ storage });
    await expect.poll(async () => (await app.request('GET', '/Users')).status).toBe(200);
    line.silence();
    await app.request('POST', '/Users', user());
    const since = performance.now();
    for (let n = 0; n < 5; n++) expect((await app.request('GET', '/Users')).status).toBe(200);
    // Far less than a statement may take until its connection is given up: once for all of them.
    expect(performance.now() - since).toBeLessThan(4 * REPLICA_ANSWER_MS);
    expect(heard).toMatchObject([{ message: expect.stringContaining('does not answer') }]);
    await line.mend();
    const isBack = async () => (await app.request('GET', '/Users')).status === 200 && heard.at(-1) === undefined;
    await expect.poll(isBack, { timeout: 30_000 }).toBe(true);
    await app.close();
    await storage.close();
    await line.cut();
  });

  it('go to the primary when the replica is gone, also where a server starts without it', async () => {
    const made = await ask(0, 'POST', '/Users', user());
    expect(told).toEqual([]);
    await replica?.stop();
    for (let server = 0; server < SERVERS; server++) {
      expect((await ask(server, 'GET', `/Users/${made.body.id}`)).status).toBe(200);
      expect((await ask(server, 'GET', '/Users')).status).toBe(200);
    }
    // Once by each.
    expect(told).toEqual(Array(SERVERS).fill(expect.any(Error)));
    const late = await openStorage({
      databaseUrl: primary?.url ?? '',
      databaseReadUrl: replica?.url ?? '',
      dataDir: 'memory:',
    });
    const app = await startApp({ storage: late });
    expect((await send(`${app.url}/Users/${made.body.id}`, 'GET', token)).status).toBe(200);
    await app.close();
    await late.close();
    replica = undefined;
  });

  it('go to the primary where the address is that of a primary, which is told', async () => {
    told.length = 0;
    const url = primary?.url ?? '';
    const storage = await openStorage({ databaseUrl: url, databaseReadUrl: url, dataDir: 'memory:', replicaWatcher });
    const app = await startApp({ storage });
    expect((await app.request('GET', '/Users')).status).toBe(200);
    await app.close();
    await storage.close();
    expect(told).toMatchObject([{ message: expect.stringContaining('it is no replica') }]);
  });

  it('are refused at the start where the address leads to another database', async () => {
    const other = inject('postgres');
    if ('skip' in other) return;
    const options = { databaseUrl: primary?.url ?? '', databaseReadUrl: other.url, dataDir: 'memory:' };
    await expect(openStorage(options)).rejects.toThrow('leads to another database');
  });
});
