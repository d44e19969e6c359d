import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { openStorage, rows, type Storage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { type Bouncer, findPgBouncer, startPgBouncer } from '../support/pgbouncer.ts';

const postgres = databases().find(({ name }) => name === 'postgres');
const found = findPgBouncer();
const skip = postgres?.skip ?? ('skip' in found ? found.skip : undefined);
const program = 'program' in found ? found.program : '';
const keeps = 'program' in found && found.keepsStatements;
/** More than PgBouncer has, so that each of its connections serves several of ours. */
const POOL_SIZE = 8;

const WAYS = [
  { way: 'without names', preparedStatements: false, settings: [], skipped: false },
  { way: 'with names', preparedStatements: true, settings: ['max_prepared_statements = 200'], skipped: !keeps },
];

describe.each(WAYS)('PgBouncer in transaction mode, statements $way', ({ preparedStatements, settings, skipped }) => {
  const why = skip ?? (skipped ? 'this PgBouncer is older than 1.21, which keeps prepared statements' : undefined);

  describe.skipIf(why !== undefined)(why ?? 'at hand', () => {
    let database: { url: string; drop: () => Promise<void> } | undefined;
    let bouncer: Bouncer;
    let storage: Storage;
    let app: TestApp;
    let number = 0;
    const user = () => ({ schemas: [USER_SCHEMA], userName: `user-${++number}`, displayName: 'Somebody' });

    beforeAll(async () => {
      database = await emptyPostgres();
      bouncer = await startPgBouncer(program, database?.url ?? '', settings);
      const options = {
        databaseUrl: bouncer.url,
        dataDir: 'memory:',
        poolSize: POOL_SIZE,
        statementTimeoutMs: 1000,
        preparedStatements,
      };
      storage = await openStorage(options);
      const others = await Promise.all([openStorage(options), openStorage(options)]);
      await Promise.all([storage, ...others].map(migrate));
      await Promise.all(others.map((other) => other.close()));
      app = await startApp({ storage });
    });
    afterAll(async () => {
      await app.close();
      await storage.close();
      await bouncer.stop();
      await database?.drop();
    });

    it('migrates once, whoever comes at the same time', async () => {
      const applied = await rows<{ hash: string }>(storage.db, sql`select hash from drizzle.__drizzle_migrations`);
      expect(new Set(applied.map(({ hash }) => hash)).size).toBe(applied.length);
      const held = await rows(storage.db, sql`select 1 from pg_locks where locktype = 'advisory'`);
      expect(held).toEqual([]);
    });

    it('carries out what comes at once, on whichever connection it lands', async () => {
      const made = await Promise.all(Array.from({ length: 24 }, () => app.request('POST', '/Users', user())));
      expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
      const ids = made.map(({ body }) => String(body.id));
      const group = await app.request('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName: 'all' });
      const patched = await Promise.all(
        ids.map((value) =>
          app.request('PATCH', `/Groups/${group.body.id}`, {
            schemas: [PATCH_OP],
            Operations: [{ op: 'add', path: 'members', value: [{ value }] }],
          }),
        ),
      );
      for (const { status, text } of patched) expect([200, 204], text).toContain(status);
      const { body } = await app.request('GET', `/Groups/${group.body.id}`);
      expect((body.members as { value: string }[]).map(({ value }) => value).sort()).toEqual(ids.sort());
      const read = await Promise.all(
        [...ids, ...ids].map((id) => app.request('GET', `/Users/${id}?excludedAttributes=groups`)),
      );
      expect(read.map((answer) => answer.body.id)).toEqual([...ids, ...ids]);
    });

    it('refuses a name that is taken alone, whatever comes with it', async () => {
      const taken = user();
      await app.request('POST', '/Users', taken);
      for (const list of [Array.from({ length: 4 }, user), Array.from({ length: 12 }, user)]) {
        const made = await Promise.all([taken, ...list, taken].map((one) => app.request('POST', '/Users', one)));
        expect(made.map(({ status }) => status)).toEqual([409, ...list.map(() => 201), 409]);
      }
    });

    it('keeps what is left of rows that were refused from whoever has the connection next', async () => {
      const long = (one: number) =>
        Array.from({ length: 150 }, (_, at) => ({ value: `${one}-${at}-${'x'.repeat(1000)}` }));
      const large = () => ({ ...user(), entitlements: long(number) });
      const taken = user();
      await app.request('POST', '/Users', taken);
      for (let round = 0; round < 5; round++) {
        const list = Array.from({ length: 12 }, large);
        const sent = [{ ...taken, entitlements: long(0) }, ...list];
        const [made, read] = await Promise.all([
          Promise.all(sent.map((one) => app.request('POST', '/Users', one))),
          Promise.all(Array.from({ length: 20 }, () => app.request('GET', '/Users?count=1'))),
        ]);
        expect(made.map(({ status }) => status)).toEqual([409, ...list.map(() => 201)]);
        expect(read.map(({ status }) => status)).toEqual(read.map(() => 200));
      }
    });

    it('stops a search that takes too long, and leaves no setting behind for others', async () => {
      const client = new pg.Client({ connectionString: database?.url ?? '' });
      await client.connect();
      await client.query(`create function public.strpos(text, text) returns int language plpgsql as
        $$ begin perform pg_sleep(60); return 0; end $$`);
      await client.query(`alter database "${new URL(database?.url ?? '').pathname.slice(1)}"
        set search_path = public, pg_catalog`);
      // Connections that are open keep the path that they began with.
      const own = 'select pg_terminate_backend(pid) from pg_stat_activity';
      await client.query(`${own} where datname = current_database() and pid <> pg_backend_pid()`);
      await client.end();
      const slow = `/Users?${new URLSearchParams({ filter: 'displayName co "zz"' })}`;
      await expect.poll(async () => (await app.request('GET', '/Users?count=1')).status).toBe(200);
      const answer = await app.request('GET', slow);
      expect(answer.body, answer.text).toMatchObject({ status: '400', scimType: 'tooMany' });
      const settings = await Promise.all(
        Array.from({ length: POOL_SIZE }, () =>
          rows<{ statement_timeout: string }>(storage.db, sql`show statement_timeout`),
        ),
      );
      for (const [setting] of settings) expect(setting?.statement_timeout).toBe('0');
    });
  });
});
