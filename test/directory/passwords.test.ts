import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { executeBulk } from '../../src/directory/bulk.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { rows } from '../../src/storage/database.ts';
import { bulk, patch, results, statuses } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, statusOf, user } from '../support/directory.ts';

const put = (id: string, data: JsonObject) => ({ method: 'PUT', path: `/Users/${id}`, data });
const setPassword = (value: string) => [{ op: 'replace', path: 'password', value }];
const setTitle = (value: string) => [{ op: 'replace', path: 'title', value }];

describeEachDatabase('passwords that are set', (open) => {
  /** A directory whose passwords take as long to hash as the test wants. */
  async function slow() {
    const hashed: string[] = [];
    let release = () => {};
    let begin = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const directory = directoryOn(await open(), {
      hashPassword: async (password) => {
        hashed.push(password);
        begin();
        await released;
        return `hash of ${password}`;
      },
    });
    const hashOf = async (id: string) => {
      const [row] = await rows<{ hash: string }>(
        directory.context.db,
        sql`select password_hash as hash from resources
          where tenant_id = ${directory.scope.tenantId}::uuid and id = ${id}::uuid`,
      );
      return row?.hash;
    };
    const runBulk = (...operations: Parameters<typeof bulk>[0]) =>
      executeBulk(directory.context, directory.scope, bulk(operations), (error) => {
        throw error;
      });
    return { directory, hashed, begun, release, hashOf, runBulk };
  }

  it.each(['PUT', 'PATCH', 'bulk'] as const)('keep nobody waiting while they are hashed: %s', async (way) => {
    const { directory, hashed, begun, release, hashOf, runBulk } = await slow();
    const [a, b] = [await directory.create('User', user('a')), await directory.create('User', user('b'))];
    const setting = {
      PUT: () => directory.replace('User', a.id, user('a', { password: 'first' })),
      PATCH: () => directory.patch('User', a.id, setPassword('first')),
      bulk: () => runBulk(put(a.id, user('a', { password: 'first' })), patch(`/Users/${b.id}`, setPassword('second'))),
    }[way]();
    await begun;
    // Of the same resources, which the change must not have locked, and in the one engine that there may be.
    for (const { id } of [a, b]) expect((await directory.patch('User', id, setTitle('x'))).etag).toBe('W/"2"');
    release();
    await setting;
    expect(await hashOf(a.id)).toBe('hash of first');
    expect((await directory.read('User', a.id)).etag).toBe('W/"3"');
    if (way === 'bulk') expect(await hashOf(b.id)).toBe('hash of second');
    // Though what they are part of was carried out anew.
    expect(hashed).toEqual(way === 'bulk' ? ['first', 'second'] : ['first']);
  });

  it('are judged by what there is once they are hashed', async () => {
    const { directory, begun, release, hashOf } = await slow();
    const { id } = await directory.create('User', user('a'));
    const before = await hashOf(id);
    const setting = statusOf(directory.patch('User', id, setPassword('first'), { ifMatch: 'W/"1"' }));
    await begun;
    await directory.patch('User', id, setTitle('x'));
    release();
    expect(await setting).toBe(412);
    expect(await hashOf(id)).toBe(before);
  });

  it('that can not be hashed are refused alone', async () => {
    const directory = directoryOn(await open(), { hashPassword: () => Promise.reject(new Error('no memory')) });
    const [a, b] = [await directory.create('User', user('a')), await directory.create('User', user('b'))];
    const operations = [
      patch(`/Users/${a.id}`, setTitle('x')),
      patch(`/Users/${b.id}`, setPassword('second')),
      patch(`/Users/${a.id}`, setTitle('y')),
    ];
    const body = await executeBulk(directory.context, directory.scope, bulk(operations), () => {
      return new ScimError(500, 'It failed.');
    });
    expect(statuses(body)).toEqual(['200', '500', '200']);
    expect(results(body)[1]?.response).toMatchObject({ detail: 'It failed.' });
  });
});
