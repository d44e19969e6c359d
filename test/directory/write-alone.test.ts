import { sql } from 'drizzle-orm';
import { afterEach, expect, it, vi } from 'vitest';
import { ATTEMPTS_WITHOUT_LOCK } from '../../src/directory/write-alone.ts';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, statusOf, user } from '../support/directory.ts';

const setTitle = (value: string) => [{ op: 'replace', path: 'title', value }];

/** Lets another writer come first, that many times, whenever a resource is about to be written over. */
function beOvertaken({ db }: Storage, times: number, overtake: () => Promise<unknown>) {
  type Sender = { query: (...given: unknown[]) => unknown };
  const { $client } = db as unknown as { $client: Sender & { readonly Client?: { readonly prototype: Sender } } };
  const sender = $client.Client?.prototype ?? $client;
  const { query } = sender;
  let left = times;
  let isOvertaking = false;
  vi.spyOn(sender, 'query').mockImplementation(function (this: unknown, ...given) {
    const [statement] = given as [string | { readonly text: string }];
    const text = typeof statement === 'string' ? statement : statement.text;
    if (left <= 0 || isOvertaking || !text.includes('update resources')) return query.apply(this, given);
    left -= 1;
    isOvertaking = true;
    return overtake().then(() => {
      isOvertaking = false;
      return query.apply(this, given);
    });
  });
}

describeEachDatabase('changing one resource without a lock', (open) => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A user, and a writer that goes past everything to give it a new version and a nickName. */
  async function overtakable() {
    const storage = await open();
    const directory = directoryOn(storage);
    const { id } = await directory.create('User', user('ada', { nickName: 'first' }));
    const bump = () =>
      inTransaction(storage.db, (tx) =>
        tx.execute(sql`update resources set version = version + 1, doc = replace(doc, 'first', 'second')
          where tenant_id = ${directory.scope.tenantId}::uuid and id = ${id}::uuid`),
      );
    const transactions = () => vi.spyOn(storage.db, 'transaction');
    return { storage, directory, id, bump, transactions };
  }

  it('loses none of twenty changes made in parallel, and tells of each', async () => {
    const directory = directoryOn(await open());
    const { id } = await directory.create('User', user('ada'));
    const values = Array.from({ length: 20 }, (_, index) => `n${index}@example.com`);
    await Promise.all(
      values.map((value) => directory.patch('User', id, [{ op: 'add', path: 'emails', value: [{ value }] }])),
    );
    const { body, etag } = await directory.read('User', id);
    expect((body.emails as { value: string }[]).map((email) => email.value).toSorted()).toEqual(values.toSorted());
    expect(etag).toBe('W/"21"');
    const events = await rows<{ version: number }>(
      directory.context.db,
      sql`select version from events where tenant_id = ${directory.scope.tenantId}::uuid
        and resource_id = ${id}::uuid order by version`,
    );
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    const found = await directory.search('User', {
      filter: 'emails.value co "@example.com" and emails.value eq "n7@example.com"',
    });
    expect(found.totalResults).toBe(1);
  });

  it('makes a change anew, of what the other writer left', async () => {
    const { storage, directory, id, bump } = await overtakable();
    beOvertaken(storage, 1, bump);
    const { body, etag } = await directory.patch('User', id, setTitle('Countess'));
    expect(etag).toBe('W/"3"');
    expect(body).toMatchObject({ title: 'Countess', nickName: 'second' });
    expect((await directory.read('User', id)).body).toEqual(body);
  });

  it('judges a condition by the version that it writes over', async () => {
    const { storage, directory, id, bump } = await overtakable();
    beOvertaken(storage, 1, bump);
    expect(await statusOf(directory.patch('User', id, setTitle('x'), { ifMatch: 'W/"1"' }))).toBe(412);
    expect((await directory.read('User', id)).body).toMatchObject({ nickName: 'second', meta: { version: 'W/"2"' } });
    expect((await directory.read('User', id)).body).not.toHaveProperty('title');
  });

  it('finds that the resource is gone', async () => {
    const { storage, directory, id } = await overtakable();
    beOvertaken(storage, 1, () => directory.delete('User', id));
    expect(await statusOf(directory.replace('User', id, user('ada')))).toBe(404);
  });

  it('waits for its turn once it was overtaken too often', async () => {
    for (const times of [ATTEMPTS_WITHOUT_LOCK - 1, ATTEMPTS_WITHOUT_LOCK]) {
      const { storage, directory, id, bump, transactions } = await overtakable();
      const begun = transactions();
      beOvertaken(storage, times, bump);
      expect((await directory.patch('User', id, setTitle('x'))).etag).toBe(`W/"${times + 2}"`);
      // The other writer's transactions are among them.
      expect(begun.mock.calls.length - times).toBe(times < ATTEMPTS_WITHOUT_LOCK ? 0 : 1);
      vi.restoreAllMocks();
    }
  });
});
