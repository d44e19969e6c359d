import { type SQL, sql } from 'drizzle-orm';

/** The type of a column whose values come as parameters. */
export type ColumnType = 'uuid' | 'text' | 'smallint' | 'int' | 'boolean';

const TYPES: Readonly<Record<ColumnType, SQL>> = {
  uuid: sql`uuid`,
  text: sql`text`,
  smallint: sql`smallint`,
  int: sql`int`,
  boolean: sql`boolean`,
};

/** The values of a column, one for each row, and their type. */
export type ListedColumn = readonly [ColumnType, readonly (string | number | boolean | null)[]];

/**
 * Rows made of parameters, to select from. Parameters are arrays, one a column: a statement has the same text whatever the
 * number of rows (`sql.param` keeps drizzle from spreading them). A single row is plain values, which the planner takes as
 * constants.
 */
export function listed(columns: readonly ListedColumn[]): SQL {
  const single = columns.every(([, values]) => values.length === 1);
  const parts = columns.map(([type, values]) =>
    single ? sql`${values[0]}::${TYPES[type]}` : sql`${sql.param(values)}::${TYPES[type]}[]`,
  );
  const list = sql.join(parts, sql`, `);
  return single ? sql`(values (${list}))` : sql`unnest(${list})`;
}

/**
 * Whether the column has one of the values. One value is compared as such: of a tenant that is younger than the statistics
 * the planner expects next to no rows, and would rather read all of them than probe an index for a list.
 */
export function among(column: SQL, values: readonly (string | number)[], type: ColumnType = 'uuid'): SQL {
  const [only, another] = values;
  if (only !== undefined && another === undefined) return sql`${column} = ${only}::${TYPES[type]}`;
  return sql`${column} = any(${unsized(sql`${sql.param(values)}::${TYPES[type]}[]`, type)})`;
}

/**
 * The list as one whose length the planner can't see. It takes an unknown list for one of ten; where it saw a shorter one, that
 * would look so much cheaper than the plan which it keeps that it would plan the prepared statement anew each time, which takes
 * longer than looking up what is listed.
 */
export function unsized(list: SQL, type: ColumnType = 'uuid'): SQL {
  return sql`(select ${list})::${TYPES[type]}[]`;
}
