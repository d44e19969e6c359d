import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RETRY_AFTER_SECONDS } from '../../src/http/errors.ts';
import { ERROR, USER_SCHEMA } from '../../src/schema/urns.ts';
import { CANCEL_GRACE_MS } from '../../src/storage/bounded-client.ts';
import { inTransaction, openStorage, type Storage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { type Answer, send, startApp, type TestApp } from '../support/app.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { type Line, lineTo } from '../support/line.ts';

const STATEMENT_TIMEOUT_MS = 600;
/** Two searches at once, one of a tenant. */
const POOL_SIZE = 4;
/** Short enough that no index is ever asked for it: the function that compares is then called, and here that sleeps. */
const SLOW = `/Users?${new URLSearchParams({ filter: 'displayName co "zz"' })}`;
const WRITTEN_SLOWLY = 'slow-to-write';
const postgres = databases().find(({ name }) => name === 'postgres');
let number = 0;
const user = (userName = `user-${++number}`) => ({ schemas: [USER_SCHEMA], userName, displayName: userName });

function expectTooMany(answer: Answer): void {
  expect(answer.status, answer.text).toBe(400);
  expect(answer.body).toEqual({
    schemas: [ERROR],
    status: '400',
    scimType: 'tooMany',
    detail: expect.stringContaining('narrower'),
  });
}

function expectUnavailable(answer: Answer): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.headers.get('retry-after')).toBe(String(RETRY_AFTER_SECONDS));
  expect(answer.body).toMatchObject({ schemas: [ERROR], status: '503' });
}

describe.skipIf(postgres?.skip !== undefined)('what takes too long on PostgreSQL', () => {
  let database: { url: string; drop: () => Promise<void> } | undefined;
  let line: Line;
  let storage: Storage;
  let app: TestApp;
  /** Begun before the other tests, since it takes its time. */
  let exhausted: ReturnType<typeof withoutConnection>;

  async function execute(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: database?.url ?? '' });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  beforeAll(async () => {
    database = await emptyPostgres();
    const url = new URL(database?.url ?? '');
    line = await lineTo(url.hostname, Number(url.port || 5432));
    url.hostname = '127.0.0.1';
    url.port = String(line.port);
    // An operator's own settings of the session are kept beside ours.
    url.searchParams.set('options', '-c search_path=public,pg_catalog');
    await execute(
      `create function public.strpos(text, text) returns int language plpgsql as
        $$ begin perform pg_sleep(60); return 0; end $$`,
    );
    storage = await openStorage({
      databaseUrl: url.href,
      dataDir: 'memory:',
      poolSize: POOL_SIZE,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    });
    await migrate(storage);
    await execute(
      `create function public.slow_write() returns trigger language plpgsql as
        $$ begin perform pg_sleep(60); return new; end $$`,
      `create trigger slow before insert on public.resources for each row when (new.unique_key = '${WRITTEN_SLOWLY}')
        execute function public.slow_write()`,
    );
    exhausted = withoutConnection(database?.url ?? '');
    app = await startApp({ storage });
    expect((await app.request('POST', '/Users', user('found'))).status).toBe(201);
  });
  afterAll(async () => {
    await app.close();
    await storage.close();
    await line.cut();
    await database?.drop();
  });

  const find = () => app.request('GET', `/Users?${new URLSearchParams({ filter: 'userName eq "found"' })}`);

  async function expectAllWell(): Promise<void> {
    const answers = await Promise.all(Array.from({ length: POOL_SIZE * 2 }, find));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }

  it('is stopped where it is a search, and answered 400 tooMany with what to do', async () => {
    expectTooMany(await app.request('GET', SLOW));
    expectTooMany(await app.request('GET', `${SLOW}&cursor`));
    expectTooMany(await app.request('GET', `${SLOW}&count=0`));
    await expectAllWell();
  });

  it('keeps nobody else waiting, however many there are of it', async () => {
    let stopped = 0;
    const other = await app.addTenant();
    const tokens = Array.from({ length: POOL_SIZE + 2 }, () => app.token);
    const slow = tokens.map((token) => send(`${app.url}${SLOW}`, 'GET', token).finally(() => stopped++));
    const watcher = new pg.Client({ connectionString: database?.url ?? '' });
    await watcher.connect();
    const scanning =
      "select count(*)::int as n from pg_stat_activity where state = 'active' and query like '/* scan */%'";
    let most = 0;
    while (stopped < slow.length) {
      most = Math.max(most, (await watcher.query(scanning)).rows[0].n);
      expect((await find()).status).toBe(200);
    }
    await watcher.end();
    // One at a time, beside which the one before may still be on its way to its end.
    expect(most).toBeLessThanOrEqual(2);
    expect(most).toBeLessThan(POOL_SIZE);
    // The other tenant has no users, so that its search of the same kind is answered at once.
    expect((await send(`${app.url}${SLOW}`, 'GET', other.token)).status).toBe(200);
    const answers = await Promise.all(slow);
    // Those that waited for their turn too long were never begun, which is not their fault.
    expect(answers[0]?.status).toBe(400);
    for (const { status } of answers) expect([400, 503]).toContain(status);
    await expectAllWell();
  });

  it('is stopped later where it is a write, answered 503 with Retry-After, and nothing of it is kept', async () => {
    expectUnavailable(await app.request('POST', '/Users', user(WRITTEN_SLOWLY)));
    const filter = `userName eq "${WRITTEN_SLOWLY}"`;
    const found = await app.request('GET', `/Users?${new URLSearchParams({ filter })}`);
    expect(found.body).toMatchObject({ totalResults: 0 });
    await expectAllWell();
  });

  it('does not wait for a lock for ever', async () => {
    const holder = new pg.Client({ connectionString: database?.url ?? '' });
    await holder.connect();
    await holder.query("begin; update resources set version = version where unique_key = 'found'");
    const { Resources } = (await find()).body as { Resources: { id: string }[] };
    expectUnavailable(await app.request('DELETE', `/Users/${Resources[0]?.id}`));
    await holder.end();
    await expectAllWell();
  });

  it('does not leave a transaction open in which nothing happens', async () => {
    const ended = inTransaction(storage.db, async (tx) => {
      await tx.execute('select 1');
      await new Promise((resolve) => setTimeout(resolve, STATEMENT_TIMEOUT_MS * 7));
      await tx.execute('select 1');
    });
    await expect(ended).rejects.toThrow();
    await expectAllWell();
  });

  it('is given up with its connection where the network loses every word, and new connections work', async () => {
    await expectAllWell();
    line.silence();
    const began = performance.now();
    expectUnavailable(await find());
    expect(performance.now() - began).toBeGreaterThan(CANCEL_GRACE_MS);
    await line.mend();
    await expect.poll(async () => (await find()).status, { timeout: 30_000 }).toBe(200);
    await expectAllWell();
  });

  it('waits for a connection no longer than ten seconds, and takes no harm', async () => {
    const { refused, afterwards } = await exhausted;
    expectUnavailable(refused);
    expect(afterwards.status).toBe(201);
  });
});

/** What is answered while somebody else holds the only connection, and afterwards. */
async function withoutConnection(databaseUrl: string): Promise<{ refused: Answer; afterwards: Answer }> {
  const small = await openStorage({ databaseUrl, dataDir: 'memory:', poolSize: 1, statementTimeoutMs: 0 });
  const lone = await startApp({ storage: small });
  let refused: Answer | undefined;
  await inTransaction(small.db, async (tx) => {
    await tx.execute('select 1');
    refused = await lone.request('POST', '/Users', user());
  });
  if (!refused) throw new Error('the transaction is over');
  const afterwards = await lone.request('POST', '/Users', user());
  await lone.close();
  await small.close();
  return { refused, afterwards };
}

describe('what would take too long on the embedded database', () => {
  it('is refused before it begins, by its estimated cost', async () => {
    const snapshot = new Blob([readFileSync(inject('embeddedSnapshot'))]);
    const storage = await openStorage({ dataDir: 'memory:', statementTimeoutMs: 1, snapshot });
    const app = await startApp({ storage });
    const filtered = (filter: string) => app.request('GET', `/Users?${new URLSearchParams({ filter })}`);
    expect((await app.request('POST', '/Users', user('found'))).status).toBe(201);
    expect((await filtered('displayName co "zz"')).status).toBe(200);
    await storage.db.execute(`insert into attribute_values (tenant_id, attribute, value, resource_id, element)
      select tenant_id, attribute, value || n, resource_id, n from attribute_values, generate_series(1, 3000) n`);
    await storage.db.execute('analyze');
    expectTooMany(await filtered('displayName co "zz"'));
    expectTooMany(await filtered('displayName co "zz" or userName eq "found"'));
    expect((await filtered('userName eq "found"')).body).toMatchObject({ totalResults: 1 });
    await app.close();
    await storage.close();
  });
});
