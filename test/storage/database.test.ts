import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction, rows, type Storage, TRANSACTION_ATTEMPTS } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { describeEachDatabase } from '../support/database.ts';

describeEachDatabase('database', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it('answers a ping', async () => {
    await expect(storage.ping()).resolves.toBeUndefined();
  });

  it('gives rows in one shape, int8 as text', async () => {
    expect(await rows(storage.db, sql`select 1::int as one, 2::bigint as two`)).toEqual([{ one: 1, two: '2' }]);
  });

  it('migrates twice without harm', async () => {
    await migrate(storage);
    expect(await rows(storage.db, sql`select count(*)::int as n from resources`)).toEqual([{ n: 0 }]);
  });

  it('rolls a failed transaction back', async () => {
    await storage.db.execute(sql`create table scratch (n int)`);
    const failing = inTransaction(storage.db, async (tx) => {
      await tx.execute(sql`insert into scratch values (1)`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows(storage.db, sql`select n from scratch`)).toEqual([]);
  });

  describe('a transaction that the database could not order among others', () => {
    const failing = (times: number, code: string) => {
      const attempts = { made: 0 };
      const work = inTransaction(storage.db, async () => {
        attempts.made++;
        if (attempts.made <= times)
          throw new Error('query failed', { cause: Object.assign(new Error(code), { code }) });
        return 'done';
      });
      return { work, attempts };
    };

    it.each(['40001', '40P01'])('is run again after %s', async (code) => {
      const { work, attempts } = failing(TRANSACTION_ATTEMPTS - 1, code);
      expect(await work).toBe('done');
      expect(attempts.made).toBe(TRANSACTION_ATTEMPTS);
    });

    it('fails after the last attempt', async () => {
      const { work, attempts } = failing(TRANSACTION_ATTEMPTS, '40001');
      await expect(work).rejects.toThrow('query failed');
      expect(attempts.made).toBe(TRANSACTION_ATTEMPTS);
    });

    it('is not run again after another failure', async () => {
      const { work, attempts } = failing(1, '23505');
      await expect(work).rejects.toThrow('query failed');
      expect(attempts.made).toBe(1);
    });
  });
});
