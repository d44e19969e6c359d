import { and, eq, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { readyQuery } from '../../src/storage/statement-text.ts';
import { resources } from '../../src/storage/tables.ts';

const library = new PgDialect();
const ID = '0191d3f0-0000-7000-8000-000000000000';
const AT = new Date(0);

const queries: readonly (readonly [string, SQL])[] = [
  ['values of every kind', sql`select ${1}::int, ${'a'}::text, ${true}::boolean, ${null}::text, ${undefined}`],
  ['parts within parts', sql`select ${sql`a${sql.join([sql`b`, sql`${1}`, sql.raw('c')], sql`, `)}`} where ${sql``}`],
  ['an array as one value', sql`select any(${sql.param([1, 2])}::int[])`],
  ['an array that is spread', sql`select 1 in ${[1, 2]}`],
  ['a table and its columns', sql`select 1 from ${resources} where ${eq(resources.id, ID)} and ${sql`x = ${2}`}`],
  ['conditions with encoders', sql`select ${and(eq(resources.createdAt, AT), eq(resources.version, 3))}`],
  ['a name', sql`select ${sql.identifier('a"b')}, ${4}`],
];

describe('the text of a statement', () => {
  it.each(queries)('is what the library makes of %s', (_, query) => {
    const { sql: text, params } = library.sqlToQuery(query);
    expect(readyQuery(query)).toMatchObject({ text, parameters: params });
  });

  it('is made once', () => {
    const ready = readyQuery(sql`select ${1}`);
    expect(readyQuery(ready)).toBe(ready);
    expect(library.sqlToQuery(ready)).toEqual({ sql: 'select $1', params: [1] });
  });
});
