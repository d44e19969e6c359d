import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { inTransaction, MEMORY, openStorage, rows, type Storage } from '../../src/storage/database.ts';
import { MIGRATIONS_FOLDER, migrate } from '../../src/storage/migrate.ts';
import { isUpToDate } from '../../src/storage/schema-state.ts';
import { searchResources } from '../../src/storage/search.ts';
import { SCAN_MARK } from '../../src/storage/search-marks.ts';
import { WALK_LIMITS } from '../../src/storage/walks.ts';
import { databases } from '../support/database.ts';
import { watchStatements } from '../support/statements.ts';
import { filterOf, insertUser, insertUsers, searchOf } from './fixtures.ts';

let storage: Storage;
beforeAll(async () => {
  const embedded = databases().find(({ name }) => name === 'pglite');
  if (!embedded) throw new Error('no embedded database');
  storage = await embedded.open();
});
afterAll(() => storage.close());

it('gathers statistics as the data grows, for there is no autovacuum to do it', async () => {
  const tenantId = v7();
  for (let index = 0; index < 32; index++) {
    await inTransaction(storage.db, (tx) => insertUser(tx, tenantId, { userName: `user-${index}` }));
  }
  const [found] = await rows<{ counted: number }>(
    storage.db,
    sql`select reltuples::int as counted from pg_class where relname = 'resources'`,
  );
  expect(found?.counted).toBeGreaterThan(0);
});

describe('a search that would take too long by its estimated cost', () => {
  const allLarge = { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 };
  let bounded: Storage;
  const tenantId = v7();
  beforeAll(async () => {
    const snapshot = new Blob([readFileSync(inject('embeddedSnapshot'))]);
    bounded = await openStorage({ dataDir: MEMORY, statementTimeoutMs: 1, snapshot });
    const users = Array.from({ length: 3000 }, (_, n) => ({ userName: `u${n}`, title: `title ${n}`, active: true }));
    await insertUsers(bounded.db, tenantId, users);
    await bounded.db.execute('analyze');
  });
  afterAll(() => bounded.close());

  it.each([
    ['one set', 'title co "zz"', WALK_LIMITS],
    ['several sets', 'title pr and not (title sw "x")', WALK_LIMITS],
    ['several sets that are merged, in a transaction', 'title pr and not (title sw "x")', allLarge],
  ])('is refused before it begins, of %s', async (_, text, limits) => {
    const [search] = searchOf(tenantId, USER_TYPE, { filter: filterOf(USER_TYPE, text) });
    for (const page of [
      { offset: 0, limit: 2 },
      { offset: 0, limit: 0 },
    ]) {
      const refused = searchResources(bounded.db, { ...search, limits }, page);
      await expect(refused).rejects.toMatchObject({ status: 400, scimType: 'tooMany' });
    }
  });

  // To plan a join of so many sets took more than a minute, and nobody else was answered meanwhile.
  it('is refused soon, of as many sets as a filter can join', { timeout: 20_000 }, async () => {
    const text = Array.from({ length: 250 }, () => 'title pr').join(' and ');
    const [search] = searchOf(tenantId, USER_TYPE, { filter: filterOf(USER_TYPE, text) });
    const refused = searchResources(bounded.db, { ...search, limits: allLarge }, { offset: 0, limit: 0 });
    await expect(refused).rejects.toMatchObject({ status: 400, scimType: 'tooMany' });
  });

  it('is asked for its estimate once, where it is not refused', async () => {
    await insertUser(storage.db, tenantId, { userName: 'ada', title: 'countess' });
    const statements = watchStatements(storage);
    const merged = 'title pr and not (title sw "x")';
    for (const [text, limits] of [
      ['title co "zz"', WALK_LIMITS],
      [merged, allLarge],
    ] as const) {
      const [search, page] = searchOf(tenantId, USER_TYPE, { filter: filterOf(USER_TYPE, text), limit: 1 });
      await searchResources(storage.db, { ...search, limits }, page);
      const taken = statements.taken();
      const searches = taken.filter((one) => one.startsWith(SCAN_MARK));
      expect(searches.length).toBeGreaterThan(0);
      expect(taken.filter((one) => one.startsWith('explain'))).toEqual(
        searches.map((one) => `explain (format json) ${one}`),
      );
      expect(taken.includes('begin')).toBe(text === merged);
    }
  });
});

describe('a new folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-embedded-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const snapshot = () => new Blob([readFileSync(inject('embeddedSnapshot'))]);
  const tablesIn = (open: Storage) => rows(open.db, sql`select 1 from pg_class where relname = 'resources'`);

  it('begins from the snapshot, with its schema up to date, and keeps what is written', async () => {
    const first = await openStorage({ dataDir: folder, snapshot: snapshot() });
    expect(await isUpToDate(first.db, MIGRATIONS_FOLDER)).toBe(true);
    await inTransaction(first.db, (tx) => insertUser(tx, v7(), { userName: 'ada' }));
    await first.close();
    const second = await openStorage({ dataDir: folder, snapshot: snapshot() });
    const found = await rows(second.db, sql`select unique_key from resources`);
    await second.close();
    expect(found).toEqual([{ unique_key: 'ada' }]);
  });

  it('is made from nothing where there is no snapshot', async () => {
    const made = await openStorage({ dataDir: folder, snapshot: null });
    expect(await tablesIn(made)).toEqual([]);
    await migrate(made);
    expect(await tablesIn(made)).toHaveLength(1);
    await made.close();
  });

  it('begins again where a start was interrupted', async () => {
    mkdirSync(path.join(folder, 'database'));
    writeFileSync(path.join(folder, 'database', 'PG_VERSION'), '18\n');
    writeFileSync(path.join(folder, 'database.unfinished'), '');
    await expect(openStorage({ dataDir: folder, mustExist: true })).rejects.toThrow('There is no database');
    const made = await openStorage({ dataDir: folder, snapshot: snapshot() });
    expect(await tablesIn(made)).toHaveLength(1);
    await made.close();
    expect(existsSync(path.join(folder, 'database.unfinished'))).toBe(false);
  });

  it('leaves alone what it has not made', async () => {
    mkdirSync(path.join(folder, 'database'));
    writeFileSync(path.join(folder, 'database', 'letters.txt'), 'mine');
    await expect(openStorage({ dataDir: folder, snapshot: snapshot() })).rejects.toThrow("can't be opened");
    expect(readdirSync(path.join(folder, 'database'))).toContain('letters.txt');
  });
});
