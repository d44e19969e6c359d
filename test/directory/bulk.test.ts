import { expect, it, vi } from 'vitest';
import { executeBulk, MAX_CHANGES_IN_TRANSACTION } from '../../src/directory/bulk.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import { MAX_PATCH_WORK } from '../../src/protocol/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { addMember, bulk, idOf, patch, postGroup, postUser, results, statuses } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const rename = (path: string, userName: string) => patch(path, [{ op: 'replace', path: 'userName', value: userName }]);

describeEachDatabase('bulk', (open) => {
  const failureOf = vi.fn((error: unknown) => (error instanceof ScimError ? error : new ScimError(500, 'It failed.')));
  const runIn = (directory: ReturnType<typeof directoryOn>) => (operations: JsonObject[], more?: JsonObject) =>
    executeBulk(directory.context, directory.scope, bulk(operations, more), failureOf);

  it('takes a transaction for many independent changes, and one each where they depend on each other', async () => {
    const storage = await open();
    const directory = directoryOn(storage);
    const run = runIn(directory);
    const transactions = vi.spyOn(storage.db, 'transaction');
    const counted = async (operations: JsonObject[]) => {
      transactions.mockClear();
      const body = await run(operations);
      expect(new Set(statuses(body).map((status) => status[0]))).toEqual(new Set(['2']));
      return { body, count: transactions.mock.calls.length };
    };
    const many = MAX_CHANGES_IN_TRANSACTION + 2;
    const made = await counted(range(many).map((index) => postUser(`b${index}`, `many-${index}`)));
    expect(made.count).toBe(2);
    const ids = results(made.body).map(idOf);
    expect((await counted(ids.map((id, index) => rename(`/Users/${id}`, `renamed-${index}`)))).count).toBe(2);
    const groups = range(20).flatMap((index) => [
      postGroup(`g${index}`, `Group ${index}`, [`bulkId:u${index}`]),
      postUser(`u${index}`, `user-${index}`),
    ]);
    expect((await counted(groups)).count).toBe(1 + 1);
    const [group] = results((await counted([postGroup('one', 'One')])).body).map(idOf);
    const additions = ids.slice(0, 10).map((id) => patch(`/Groups/${group}`, [addMember(id)]));
    const { count } = await counted(additions);
    expect(count).toBeGreaterThanOrEqual(additions.length);
    transactions.mockRestore();
  });

  it('carries out PATCHes until they have cost what one request may', async () => {
    const directory = directoryOn(await open());
    const emails = range(1000).map((index) => ({ value: `${index}@example.com` }));
    const { id } = await directory.create('User', user('many', { emails }));
    const display = { op: 'replace', path: 'emails.display', value: 'd' };
    const costly = patch(
      `/Users/${id}`,
      range(MAX_PATCH_WORK / 2000 / 2).map(() => display),
    );
    const cheap = patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'x' }]);
    const body = await runIn(directory)([costly, costly, patch(`/Users/${id}`, [display]), cheap]);
    expect(statuses(body)).toEqual(['200', '200', '400', '200']);
    expect(results(body)[2]?.response).toMatchObject({ detail: expect.stringContaining('too many values') });
  });

  it('notes an unexpected failure where it happened, and carries out the rest', async () => {
    const directory = directoryOn(await open(), {
      hashPassword: async (password) => {
        if (password === 'breaks') throw new Error('no memory');
        return password;
      },
    });
    failureOf.mockClear();
    const { id } = await directory.create('User', user('ann'));
    const body = await runIn(directory)([
      postUser('a', 'first'),
      postUser('b', 'second', { password: 'breaks' }),
      patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value: 'breaks' }]),
      postUser('c', 'third'),
      patch('/Users/bulkId:c', [{ op: 'replace', path: 'title', value: 'x' }]),
      patch('/Users/bulkId:b', [{ op: 'replace', path: 'title', value: 'x' }]),
    ]);
    expect(statuses(body)).toEqual(['201', '500', '500', '201', '200', '409']);
    expect(results(body)[1]?.response).toMatchObject({ status: '500', detail: 'It failed.' });
    expect(failureOf.mock.calls.map(([error]) => (error as Error).message)).toEqual(['no memory', 'no memory']);
    expect((await directory.read('User', id)).etag).toBe('W/"1"');
    expect(await directory.search('User', {})).toMatchObject({ totalResults: 3 });
  });

  it('loses nothing beside others that want the same names and rows in another order', async () => {
    const directory = directoryOn(await open());
    const run = runIn(directory);
    const ids = results(await run(range(20).map((index) => postUser(`b${index}`, `old-${index}`)))).map(idOf);
    const title = (id: string) =>
      patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value: [{ value: `${id}@x.org` }] }]);
    const creates = range(20).map((index) => postUser(`n${index}`, `new-${index}`));
    const [one, two] = await Promise.all([
      run([...ids.map(title), ...creates]),
      run([...creates.toReversed(), ...ids.toReversed().map(title)]),
    ]);
    const both = [...statuses(one), ...statuses(two)];
    expect(both.filter((status) => status === '201')).toHaveLength(20);
    expect(both.filter((status) => status === '409')).toHaveLength(20);
    expect(both.filter((status) => status === '200')).toHaveLength(40);
    expect(await directory.search('User', {})).toMatchObject({ totalResults: 40 });
  });

  it('refuses a rename to a name that is taken just then, and keeps the others', async () => {
    const directory = directoryOn(await open());
    const run = runIn(directory);
    for (const round of range(5)) {
      const ids = results(await run(range(6).map((index) => postUser(`b${index}`, `r${round}-${index}`)))).map(idOf);
      const [mine, theirs] = [ids.slice(0, 3), ids.slice(3)];
      const both = await Promise.all(
        [mine, theirs].map((list) => run(list.map((id, index) => rename(`/Users/${id}`, `wanted-${round}-${index}`)))),
      );
      const got = both.map(statuses);
      for (const index of range(3)) {
        expect([got[0]?.[index], got[1]?.[index]].toSorted(), JSON.stringify(got)).toEqual(['200', '409']);
      }
    }
  });
});
