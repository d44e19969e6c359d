import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { writeChanges } from '../../src/directory/change.ts';
import type { Change } from '../../src/directory/changes.ts';
import { creation } from '../../src/directory/create.ts';
import type { Written } from '../../src/directory/ledger.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { COPIED_FROM } from '../../src/storage/copy-resources.ts';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

/** Resolves when a session of the database waits for another's lock. */
async function untilOneWaits({ db }: Storage): Promise<void> {
  for (;;) {
    const [found] = await rows<{ waiting: boolean }>(
      db,
      sql`select exists (select 1 from pg_locks where not granted and locktype = 'transactionid') as waiting`,
    );
    if (found?.waiting) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describeEachDatabase('many new users at once', (open) => {
  async function begun() {
    const storage = await open();
    const { context, scope } = directoryOn(storage);
    const list = (names: readonly string[]): Promise<Change[]> =>
      Promise.all(names.map((name) => creation(context, scope, USER_TYPE, v7(), user(name))));
    const writeAll = async (changes: readonly Change[], db = storage.db) => {
      const all: Written[] = [];
      while (all.length < changes.length) {
        all.push(...(await writeChanges({ ...context, db }, scope, changes.slice(all.length))));
      }
      return all;
    };
    const count = async (table: 'resources' | 'events') => {
      const [found] = await rows<{ n: number }>(
        storage.db,
        sql`select count(*)::int as n from ${sql.raw(table)} where tenant_id = ${scope.tenantId}::uuid`,
      );
      return found?.n;
    };
    return { storage, list, writeAll, count };
  }

  const names = (prefix: string) => Array.from({ length: COPIED_FROM }, (_, index) => `${prefix}-${index}`);
  const statuses = (all: readonly Written[]) => all.map((one) => (one instanceof ScimError ? one.status : 201));

  it('each have their event, and those whose name is taken are refused alone', async () => {
    const { list, writeAll, count } = await begun();
    expect(statuses(await writeAll(await list(['taken'])))).toEqual([201]);
    const wanted = [...names('a'), 'TAKEN', 'A-0', ...names('b')];
    const written = statuses(await writeAll(await list(wanted)));
    expect(written.flatMap((status, index) => (status === 201 ? [] : [[wanted[index], status]]))).toEqual([
      ['TAKEN', 409],
      ['A-0', 409],
    ]);
    expect([await count('resources'), await count('events')]).toEqual([2 * COPIED_FROM + 1, 2 * COPIED_FROM + 1]);
  });

  it('lose none but the one whose name is taken in that very moment', async () => {
    const { storage, list, writeAll, count } = await begun();
    const [mine, theirs] = [await list([...names('a'), 'both']), await list([...names('b'), 'BOTH'])];
    let late: Promise<Written[]> | undefined;
    const first = await inTransaction(storage.db, async (tx) => {
      const written = await writeAll(mine, tx);
      late ??= writeAll(theirs);
      if (storage.kind === 'postgres') await untilOneWaits(storage);
      return written;
    });
    expect(statuses(first)).toEqual(mine.map(() => 201));
    expect(statuses((await late) ?? [])).toEqual([...names('b').map(() => 201), 409]);
    expect([await count('resources'), await count('events')]).toEqual([2 * COPIED_FROM + 1, 2 * COPIED_FROM + 1]);
  });
});
