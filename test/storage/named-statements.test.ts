import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { inTransaction, rows } from '../../src/storage/database.ts';
import { resourceNamed } from '../../src/storage/look-up.ts';
import { MAX_NAMED_LENGTH, MAX_NAMED_STATEMENTS, StatementNames } from '../../src/storage/named-statements.ts';
import { DOCUMENT_ONLY, findResources, lockResources } from '../../src/storage/resources.ts';
import { isSearch, PLAN_MARK, SCAN_MARK, SEARCH_MARK } from '../../src/storage/search-marks.ts';
import { updateResources } from '../../src/storage/write-resources.ts';
import { databases } from '../support/database.ts';
import { AT, insertUser } from './fixtures.ts';

describe('names of statements', () => {
  it('names a text from its second time on, always the same', () => {
    const names = new StatementNames();
    expect(names.nameOf('select $1')).toBeUndefined();
    const name = names.nameOf('select $1');
    expect(name).toMatch(/^[0-9a-f]{40}$/);
    expect(names.nameOf('select $1')).toBe(name);
    expect(names.nameOf('select $2')).toBeUndefined();
  });

  it.each([SEARCH_MARK, SCAN_MARK])('names none that is planned each time: %s', (mark) => {
    const names = new StatementNames();
    const twice = (text: string) => names.nameOf(text) ?? names.nameOf(text);
    expect(twice(`${mark} ${PLAN_MARK} select $1`)).toBeUndefined();
    expect(twice(`${mark} select $1`)).toBeDefined();
    expect(isSearch(`${mark} ${PLAN_MARK} select $1`)).toBe(true);
  });

  it('names no more than the limit, and those that it has named stay named', () => {
    const names = new StatementNames();
    const text = (number: number) => `select $1, ${number}`;
    const twice = (number: number) => names.nameOf(text(number)) ?? names.nameOf(text(number));
    for (let number = 0; number < MAX_NAMED_STATEMENTS; number++) expect(twice(number)).toBeDefined();
    names.nameOf(text(MAX_NAMED_STATEMENTS));
    expect(names.nameOf(text(MAX_NAMED_STATEMENTS))).toBeUndefined();
    expect(names.nameOf(text(0))).toBeDefined();
  });

  it('names none that is longer than the limit', () => {
    const names = new StatementNames();
    const twice = (length: number) => {
      const text = 'select $1'.padEnd(length);
      return names.nameOf(text) ?? names.nameOf(text);
    };
    expect(twice(MAX_NAMED_LENGTH)).toBeDefined();
    expect(twice(MAX_NAMED_LENGTH + 1)).toBeUndefined();
  });

  it('names what comes again although many others have come once', () => {
    const names = new StatementNames();
    for (let number = 0; number < 3 * MAX_NAMED_STATEMENTS; number++) names.nameOf(`select $1, ${number}`);
    expect(names.nameOf('select $1')).toBeUndefined();
    expect(names.nameOf('select $1')).toBeDefined();
  });
});

const postgres = databases().find(({ name }) => name === 'postgres');

describe.skipIf(!postgres || postgres.skip)('statements on PostgreSQL (skipped where there is none)', () => {
  it('are prepared once on a connection, inside transactions too', async () => {
    const storage = await postgres?.open();
    if (!storage) throw new Error('there is a PostgreSQL');
    const numbers = await inTransaction(storage.db, async (tx) => {
      const found: unknown[] = [];
      for (const number of [1, 2, 3]) found.push(...(await rows(tx, sql`select ${number}::int as n`)));
      const prepared = await rows<{ uses: number }>(
        tx,
        sql`select (generic_plans + custom_plans)::int as uses from pg_prepared_statements where statement like 'select $1::int as n'`,
      );
      expect(prepared).toEqual([{ uses: 2 }]);
      return found;
    });
    expect(numbers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await storage.close();
  });

  it('on one or two resources are planned a few times and then no more', async () => {
    const storage = await postgres?.open();
    if (!storage) throw new Error('there is a PostgreSQL');
    const tenantId = v7();
    const ids = [
      await insertUser(storage.db, tenantId, { userName: 'a' }),
      await insertUser(storage.db, tenantId, { userName: 'b' }),
    ];
    const planned = await inTransaction(storage.db, async (tx) => {
      for (let version = 2; version < 30; version++) {
        const changes = ids.map((id, index) => {
          const titled = (title: number) => ({ userName: ['a', 'b'][index] ?? '', title: `title ${title}` });
          return { type: USER_TYPE, id, version, at: AT, before: titled(version - 1), after: titled(version) };
        });
        expect([...(await updateResources(tx, tenantId, changes))].sort()).toEqual(ids.toSorted());
        expect((await findResources(tx, tenantId, ids)).size).toBe(2);
        expect((await lockResources(tx, tenantId, ids)).size).toBe(2);
        const name = { typeNumber: USER_TYPE.number, key: 'a' };
        expect((await resourceNamed(tx, tenantId, name, DOCUMENT_ONLY))?.id).toBe(ids[0]);
      }
      return rows<{ generic: boolean; planned: number }>(
        tx,
        sql`select generic_plans > 15 as generic, custom_plans::int as planned from pg_prepared_statements
          where strpos(statement, '((select $') > 0`,
      );
    });
    expect(planned).toEqual(Array(4).fill({ generic: true, planned: 5 }));
    await storage.close();
  });
});
