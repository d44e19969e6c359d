import type { SQL } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { Censuses } from '../../src/storage/censuses.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { CENSUS_LATE_MS } from '../../src/storage/followed-census.ts';
import { countResources } from '../../src/storage/search.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { askedFor, asking, LIMITS, tellOf, usersIn, withExecute } from './census-fixtures.ts';
import { insertUser, insertUsers } from './fixtures.ts';

const FILTERS = [
  'title eq "a"',
  'not (title eq "a")',
  'title eq "a" and userType eq "b"',
  '(title eq "a" or userType eq "a") and not (nickName pr)',
  'title pr or nickName eq "b"',
];

describeEachDatabase('censuses', (open) => {
  let storage: Storage;
  let toldOf: ReturnType<typeof asking>['toldOf'];
  let granted: ReturnType<typeof asking>['granted'];
  let app: TestApp;
  beforeAll(async () => {
    storage = await open();
    ({ toldOf, granted } = asking(storage));
    app = await startApp({ storage, profile: 'rfc' });
  });
  afterAll(() => app.close());

  it('tell what the database does, whatever is written meanwhile', { timeout: 120_000 }, async () => {
    const value = fc.option(fc.constantFrom('a', 'A', 'b'), { nil: undefined });
    const attributes = fc.record({ title: value, userType: value, nickName: value });
    const kind = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE');
    const writes = fc.array(fc.record({ kind, which: fc.nat(), attributes, wish: fc.constantFrom(...FILTERS) }), {
      minLength: 8,
      maxLength: 16,
    });
    const tenantId = app.tenant.id;
    let name = 0;
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: 'first' });
    await fc.assert(
      fc.asyncProperty(writes, async (tried) => {
        const censuses = new Censuses(storage.db, LIMITS);
        const ids: string[] = [];
        const wishes: Promise<void>[] = [];
        for (const one of tried) {
          // Nobody waits for it: it is made while others write.
          wishes.push(censuses.wish(await askedFor(storage, tenantId, one.wish)));
          const given = JSON.parse(
            JSON.stringify({ schemas: [USER_SCHEMA], userName: `u${name++}`, ...one.attributes }),
          );
          const id = ids[one.which % (ids.length || 1)];
          if (one.kind === 'POST' || id === undefined) {
            ids.push(String((await app.request('POST', '/Users', given)).body.id));
          } else if (one.kind === 'DELETE') {
            expect((await app.request('DELETE', `/Users/${id}`)).status).toBe(204);
            ids.splice(ids.indexOf(id), 1);
          } else if (one.kind === 'PUT') {
            expect((await app.request('PUT', `/Users/${id}`, given)).status).toBe(200);
          } else {
            const { userName, schemas, ...set } = given;
            const Operations = [{ op: 'replace', value: set }];
            expect((await app.request('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations })).status).toBe(200);
          }
          for (const filter of [undefined, ...FILTERS]) {
            const told = await toldOf(censuses, tenantId, filter);
            if (told === undefined) continue;
            expect(told).toBe(await countResources(storage.db, usersIn(tenantId, filter)));
          }
        }
        await Promise.all(wishes);
        await granted(censuses, tenantId, ...FILTERS);
        for (const filter of [undefined, ...FILTERS]) {
          const expected = await countResources(storage.db, usersIn(tenantId, filter));
          expect(await toldOf(censuses, tenantId, filter)).toBe(expected);
        }
      }),
      { numRuns: 10 },
    );
  });

  describe('while a statement of theirs is under way', () => {
    /** The database, on which somebody else does something while the answer to such a statement is on its way. */
    function meanwhile(statement: string, work: () => Promise<unknown>): Database {
      let done = false;
      const execute = async (query: SQL) => {
        const answer = await storage.db.execute(query);
        if (!done && JSON.stringify(query).includes(statement)) {
          done = true;
          await work();
        }
        return answer;
      };
      return withExecute(storage, execute);
    }
    const created = async () => String((await app.request('POST', '/Users', userWith('b'))).body.id);
    const userWith = (title: string) => ({ schemas: [USER_SCHEMA], userName: v7(), title });
    const countOf = (filter: string) => countResources(storage.db, usersIn(app.tenant.id, filter));

    it('learn of a change of what has just been read', async () => {
      const id = await created();
      const db = meanwhile('string_agg(uuid_send(p.resource_id)', async () => {
        // Values are read in their order, so this one is not read again.
        await app.request('PUT', `/Users/${id}`, userWith('a'));
        await toldOf(censuses, app.tenant.id);
      });
      const censuses = new Censuses(db, LIMITS);
      await granted(censuses, app.tenant.id, 'title eq "b"');
      expect(await toldOf(censuses, app.tenant.id, 'title eq "b"')).toBe(await countOf('title eq "b"'));
      expect(await toldOf(censuses, app.tenant.id, 'title eq "a"')).toBe(await countOf('title eq "a"'));
    });

    it('learn of what comes after a look has begun', async () => {
      const told: Promise<number | undefined>[] = [];
      const db = meanwhile('from events e', async () => {
        await created();
        told.push(toldOf(censuses, app.tenant.id, 'title eq "b"'));
      });
      const censuses = new Censuses(db, LIMITS);
      await granted(censuses, app.tenant.id, 'title eq "b"');
      const before = await countOf('title eq "b"');
      expect(await toldOf(censuses, app.tenant.id, 'title eq "b"')).toBe(before);
      expect(await Promise.all(told)).toEqual([before + 1]);
    });
  });

  it('tell nothing of what they do not have, and have only what was wished', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a', title: 'x' }, { userName: 'b' }]);
    const censuses = new Censuses(storage.db, LIMITS);
    expect(await toldOf(censuses, tenantId)).toBeUndefined();
    await granted(censuses, tenantId, undefined);
    expect(await toldOf(censuses, tenantId)).toBe(2);
    expect(await toldOf(censuses, tenantId, 'title pr')).toBeUndefined();
    await granted(censuses, tenantId, 'title pr');
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(1);
    expect(await toldOf(censuses, v7())).toBeUndefined();
  });

  it('hear of a change that becomes visible late', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a', title: 'x' }]);
    const censuses = new Censuses(storage.db, LIMITS);
    await granted(censuses, tenantId, 'title pr');
    const resourceId = await insertUser(storage.db, tenantId, { userName: 'b', title: 'x' });
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(1);
    await tellOf(storage, tenantId, resourceId, CENSUS_LATE_MS - 3000);
    expect(await toldOf(censuses, tenantId, 'title pr')).toBe(2);
  });

  it('of a replica hear of what that did not have when they were made', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a' }]);
    const behind = 60_000;
    const execute = async (query: SQL) => {
      if (!JSON.stringify(query).includes('pg_is_in_recovery')) return storage.db.execute(query);
      return { rows: [{ at: new Date(Date.now() - behind).toISOString() }] };
    };
    const db = withExecute(storage, execute);
    const censuses = new Censuses(db, LIMITS);
    await granted(censuses, tenantId, undefined);
    const resourceId = await insertUser(storage.db, tenantId, { userName: 'b' });
    await tellOf(storage, tenantId, resourceId, behind);
    expect(await toldOf(censuses, tenantId)).toBe(2);
  });

  it('look for changes when a clock was set back', async () => {
    let now = Date.now() + 3_600_000;
    const censuses = new Censuses(storage.db, { ...LIMITS, age: 2 }, () => now);
    await granted(censuses, app.tenant.id, undefined);
    const before = await toldOf(censuses, app.tenant.id);
    now = Date.now();
    expect(await toldOf(censuses, app.tenant.id)).toBe(before);
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: v7() });
    now += 2000;
    expect(await toldOf(censuses, app.tenant.id)).toBe((before ?? 0) + 1);
  });

  it('do not look where the total is far below what is asked for', async () => {
    const tenantId = v7();
    await insertUsers(storage.db, tenantId, [{ userName: 'a' }, { userName: 'b' }]);
    const execute = vi.fn(storage.db.execute.bind(storage.db));
    const db = withExecute(storage, execute);
    const censuses = new Censuses(db, LIMITS);
    await granted(censuses, tenantId, undefined);
    const asked = await askedFor(storage, tenantId);
    execute.mockClear();
    expect(await censuses.total(asked, 5)).toBeUndefined();
    expect(execute).not.toHaveBeenCalled();
    expect(await censuses.total(asked, 4)).toBe(2);
  });

  it('look for changes as often as they are to be young, and read each once', async () => {
    let now = Date.now();
    const { tenant } = app;
    const execute = vi.fn(storage.db.execute.bind(storage.db));
    const db = withExecute(storage, execute);
    const censuses = new Censuses(db, { ...LIMITS, age: 2 }, () => now);
    await granted(censuses, tenant.id, undefined);
    const before = await toldOf(censuses, tenant.id);
    await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: v7() });
    now += 1999;
    expect(await toldOf(censuses, tenant.id)).toBe(before);
    now += 1;
    expect(await toldOf(censuses, tenant.id)).toBe((before ?? 0) + 1);
    execute.mockClear();
    now += 2000;
    expect(await toldOf(censuses, tenant.id)).toBe((before ?? 0) + 1);
    expect(execute).toHaveBeenCalledOnce();
  });
});
