import { type SQL, sql } from 'drizzle-orm';

const ARRAYS = { uuid: sql`uuid[]`, text: sql`text[]`, smallint: sql`smallint[]` };
const TYPES = { uuid: sql`uuid`, text: sql`text`, smallint: sql`smallint` };

/**
 * Whether the column has one of the values. One value is compared as such: of a tenant that is younger than the statistics
 * the planner expects next to no rows, and would rather read all of them than probe an index for a list.
 */
export function among(column: SQL, values: readonly (string | number)[], type: keyof typeof TYPES = 'uuid'): SQL {
  const [only, another] = values;
  if (only !== undefined && another === undefined) return sql`${column} = ${only}::${TYPES[type]}`;
  return sql`${column} = any(${sql.param(values)}::${ARRAYS[type]})`;
}
