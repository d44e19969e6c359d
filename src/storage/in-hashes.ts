import { type SQL, sql } from 'drizzle-orm';

/** Whether the id is among those of the query, which is read once. Of an array the planner expects a few, and always hashes these. */
export function inHashes(id: SQL, ids: SQL): SQL {
  return sql`((${id} in (select h.id from unnest(array(${ids})) h (id))) is true)`;
}
