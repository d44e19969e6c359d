import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type ColumnType, unsized } from './listed.ts';
import { type Blanks, prebuilt, type Values } from './prebuilt.ts';

/** Rows made of values, to select from; see `listed`. */
export type Source = (columns: readonly (readonly [ColumnType, Placeholder])[]) => SQL;

/** How the resources that a statement is about are spoken of in it; their ids are its blank `id`. */
export interface Owners {
  /** Whether the column has one of the ids; see `among`. */
  readonly among: (column: SQL) => SQL;
  /** The id that has that place among them, counted from 1: shorter to send with each of many values. */
  readonly ownerOf: (place: SQL) => SQL;
  /** The places of the owners of a statement's rows, as a column `owner`. */
  readonly places: (numbers: Placeholder) => SQL;
  /** Whether the statement has written that resource: those whose ids `written` gives. */
  readonly written: (id: SQL) => SQL;
}

type Statement<Name extends string> = (values: Values<Name>) => SQL;

/**
 * A statement in the two shapes that `listed` knows, both made once: on one resource, whose values the planner takes as
 * constants, and on any number, whose values are arrays. Its first part is called `written` and gives ids.
 */
export function oneOrMany<Name extends string>(
  build: (blanks: Blanks<Name | 'id'>, owners: Owners, source: Source) => SQL,
): Readonly<Record<'one' | 'many', Statement<Name | 'id'>>> {
  return {
    one: prebuilt<Name | 'id'>((blanks) => {
      const id = sql`${blanks.id as Placeholder}::uuid`;
      const among = (column: SQL) => sql`${column} = ${id}`;
      const owners = {
        among,
        ownerOf: () => id,
        places: () => sql`null as owner`,
        written: () => sql`exists (select 1 from written)`,
      };
      return build(blanks, owners, oneRow);
    }),
    many: prebuilt<Name | 'id'>((blanks) => {
      const ids = unsized(sql`${blanks.id as Placeholder}::uuid[]`);
      const among = (column: SQL) => sql`${column} = any(${ids})`;
      const ownerOf = (place: SQL) => sql`(${ids})[${place}]`;
      const owners = {
        among,
        ownerOf,
        places: (n: Placeholder) => sql`unnest(${n}::int[]) as owner`,
        written: (one: SQL) => sql`${one} in (select id from written)`,
      };
      return build(blanks, owners, manyRows);
    }),
  };
}

/** What a blank of such a statement gets: the value of the only row, or those of all. */
export function columnOf<Row>(of: readonly Row[]): <T>(value: (row: Row) => T) => T | T[] {
  const [only] = of;
  return only !== undefined && of.length === 1 ? (value) => value(only) : (value) => of.map(value);
}

const oneRow: Source = (columns) => {
  const values = columns.map(([type, blank]) => sql`${blank}::${sql.raw(type)}`);
  return sql`(values (${sql.join(values, sql`, `)}))`;
};

const manyRows: Source = (columns) => {
  const lists = columns.map(([type, blank], index) => {
    const list = sql`${blank}::${sql.raw(type)}[]`;
    // The planner goes by the longest.
    return index === 0 ? unsized(list, type) : list;
  });
  return sql`unnest(${sql.join(lists, sql`, `)})`;
};
