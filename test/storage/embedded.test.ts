import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import { databases } from '../support/database.ts';
import { insertUser } from './fixtures.ts';

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
