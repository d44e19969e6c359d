import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { ColumnType } from './listed.ts';
import { type Blanks, prebuilt, type Values } from './prebuilt.ts';

/** Rows made of values, to select from; see `listed`. */
export type Source = (columns: readonly (readonly [ColumnType, Placeholder])[]) => SQL;

/** Whether a column of ids has the one id, or one of them; see `among`. */
export type Among = (column: SQL, ids: Placeholder) => SQL;

type Statement<Name extends string> = (values: Values<Name>) => SQL;

/**
 * A statement in the two shapes that `listed` knows, both made once: on one row, whose values the planner takes as
 * constants, and on any number of rows, whose values are arrays.
 */
export function oneOrMany<Name extends string>(
  build: (source: Source, blanks: Blanks<Name>, among: Among) => SQL,
): Readonly<Record<'one' | 'many', Statement<Name>>> {
  return {
    one: prebuilt<Name>((blanks) => build(oneRow, blanks, (column, id) => sql`${column} = ${id}::uuid`)),
    many: prebuilt<Name>((blanks) => build(manyRows, blanks, (column, ids) => sql`${column} = any(${ids}::uuid[])`)),
  };
}

/** What a blank of such a statement gets: the value of the only row, or those of all. */
export function columnOf<Row>(of: readonly Row[]): <T>(value: (row: Row) => T) => T | T[] {
  const [only] = of;
  return only !== undefined && of.length === 1 ? (value) => value(only) : (value) => of.map(value);
}

const oneRow: Source = (columns) =>
  sql`(values (${sql.join(
    columns.map(([type, blank]) => sql`${blank}::${sql.raw(type)}`),
    sql`, `,
  )}))`;

const manyRows: Source = (columns) =>
  sql`unnest(${sql.join(
    columns.map(([type, blank]) => sql`${blank}::${sql.raw(type)}[]`),
    sql`, `,
  )})`;
