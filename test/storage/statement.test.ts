import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unstorable } from '../../src/protocol/json.ts';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import { failureCode } from '../../src/storage/errors.ts';
import { sentValue } from '../../src/storage/sent-values.ts';
import { databases } from '../support/database.ts';
import { directoryOn, statusOf, user } from '../support/directory.ts';

describe('values on their way to PostgreSQL', () => {
  it.each([
    ['a text', 'a "b" \\c', 'a "b" \\c'],
    ['nothing', null, null],
    ['what is left out', undefined, null],
    ['a number', 1.5, '1.5'],
    ['a truth', true, 'true'],
    ['an instant', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['an empty list', [], '{}'],
    ['a list of lists', [[1], [2]], '{{1},{2}}'],
    ['a list of bytes', [Buffer.from('ab')], '{"\\\\x6162"}'],
    ['a list of what there is', [null, 'NULL', true, 2, ''], '{NULL,"NULL",true,2,""}'],
  ])('writes %s', (_, value, text) => {
    expect(sentValue(value)).toBe(text);
  });

  it('sends a list of texts with quotes as bytes, with nothing escaped', () => {
    const sent = sentValue(['ä"', null, '\\']);
    expect(sent).toEqual(
      Buffer.concat([
        Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 3, 0, 0, 0, 1]),
        Buffer.from([0, 0, 0, 3, 0xc3, 0xa4, 0x22, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0x5c]),
      ]),
    );
  });

  it('leaves bytes as they are', () => {
    const bytes = Buffer.from([0, 255]);
    expect(sentValue(bytes)).toBe(bytes);
  });
});

const postgres = databases().find(({ name }) => name === 'postgres');

describe.skipIf(!postgres || postgres.skip)('statements to PostgreSQL (skipped where there is none)', () => {
  let storage: Storage;

  beforeAll(async () => {
    if (!postgres) throw new Error('there is a PostgreSQL');
    storage = await postgres.open();
  });
  afterAll(() => storage.close());

  it('give back any texts and lists of texts as they were sent', async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('"', '\\', '{', '}', ','),
      ),
    });
    const storable = text.filter((one) => unstorable(one) === undefined);
    await fc.assert(
      fc.asyncProperty(storable, fc.array(fc.option(storable)), async (one, many) => {
        const found = await rows(storage.db, sql`select ${one}::text as one, ${sql.param(many)}::text[] as many`);
        expect(found).toEqual([{ one, many }]);
      }),
      { numRuns: 50 },
    );
  });

  it('give values of each type alike, however often they were sent', async () => {
    for (let time = 1; time <= 4; time++) {
      const found = await rows(
        storage.db,
        sql`select ${time}::int as number, ${true}::boolean as truth, null::text as nothing, '{1,2}'::int[] as numbers,
          '{"a":1}'::jsonb as json, 5::int8 as long, '2001-02-03T04:05:06Z'::timestamptz at time zone 'UTC' as instant`,
      );
      const [json, long, instant] = [{ a: 1 }, '5', '2001-02-03 04:05:06'];
      expect(found).toEqual([{ number: time, truth: true, nothing: null, numbers: [1, 2], json, long, instant }]);
    }
  });

  it('give no rows where there are none', async () => {
    for (let time = 1; time <= 3; time++) {
      expect(await rows(storage.db, sql`select ${time}::int as number where false`)).toEqual([]);
      expect(await rows(storage.db, sql`update tenants set slug = slug where slug = ${`none ${time}`}`)).toEqual([]);
    }
    expect(await rows(storage.db, sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it('fail by themselves: those after them do what they should', async () => {
    const inverse = (number: number) => rows(storage.db, sql`select 1 / ${number}::int as inverse`);
    await inTransaction(storage.db, async (tx) => {
      expect(await rows(tx, sql`select ${'a'}::text as a`)).toEqual([{ a: 'a' }]);
    });
    for (const number of [1, 0, 1, 0, 1]) {
      if (number === 1) expect(await inverse(number)).toEqual([{ inverse: 1 }]);
      else expect(failureCode(await inverse(number).catch((error: unknown) => error))).toBe('22012');
    }
    const unknown = () => rows(storage.db, sql`select ${1}::int from nowhere`).catch((error: unknown) => error);
    for (let time = 1; time <= 3; time++) {
      expect(await unknown()).toMatchObject({
        message: expect.stringMatching(/^Failed query: select \$1::int from nowhere/),
      });
    }
  });

  it('leave their connection, and what is prepared on it, as it was when they are refused', async () => {
    const { $client: pool } = storage.db as unknown as { $client: pg.Pool };
    const closed: unknown[] = [];
    pool.on('remove', (client) => closed.push(client));
    const directory = directoryOn(storage);
    await directory.create('User', user('ada'));
    const other = await directory.create('User', user('grace'));
    const rename = () => directory.patch('User', other.id, [{ op: 'replace', path: 'userName', value: 'ada' }]);
    for (let time = 0; time < 5; time++) expect(await statusOf(rename())).toBe(409);
    expect(closed).toEqual([]);
  });
});
