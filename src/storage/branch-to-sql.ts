import { type SQL, sql } from 'drizzle-orm';
import { inHashes } from './in-hashes.ts';
import type { Planning } from './searched.ts';
import type { Branch, Joining, Segment } from './segments.ts';
import type { Gathered, Source, Walk } from './walks.ts';

/**
 * How the rows of a segment are found: by the filter as it is; by a walk over candidates, which may end before there are
 * enough; or by gathering what the filter selects first.
 */
export type Way = 'filter' | 'walk' | 'gather';

/** What is selected of a branch. */
export interface Selection {
  readonly columns: (source: Source) => SQL;
  /** Of the names of these columns. */
  readonly order: SQL;
  /** A further condition. */
  readonly beyond?: ((source: Source) => SQL) | undefined;
  /** How many rows, beginning with which. */
  readonly page: SQL;
  /** The rows from the first of all to the last on the page. */
  readonly reach: number;
}

/** The ways to try in turn until there are as many rows as are wanted; the last one finds all. */
export function waysOf({ branches }: Segment, reach: number): readonly Way[] {
  const walks = branches.map(({ walk }) => walk).filter((walk) => walk !== undefined);
  if (walks.length === 0) return ['filter'];
  const last = walks.every(({ gathered }) => gathered) ? 'gather' : 'filter';
  if (walks.every(({ tests }) => tests === undefined)) return ['walk'];
  // A walk that gave up looks like one that found little: beside what others found, nobody would miss the rest.
  if (branches.length > 1) return [last];
  return walks.every((walk) => reach <= walk.reach) ? ['walk', last] : [last];
}

/** How the rows of a segment are looked for in this way: only what is gathered is made of sets. */
export function planningOf({ key }: Segment, way: Way, { combined = false, broad = false }: Joining): Planning {
  if (!combined || way === 'walk') return 'once';
  return broad && (way === 'gather' || key === undefined) ? 'merged' : 'anew';
}

/** The rows of the branch, in order. */
export function branchToSql(branch: Branch, way: Way, selection: Selection): SQL {
  const { walk } = branch;
  if (walk && way === 'walk') return walked(walk, selection);
  if (walk?.gathered && way === 'gather') return gathered(walk.candidates, walk.gathered, selection);
  return selected(branch, selection, selection.page);
}

function walked({ candidates, test, tests }: Walk, selection: Selection): SQL {
  const { order, page, reach } = selection;
  const most = tests === undefined ? sql`` : sql`limit ${tests * reach}::bigint`;
  return sql`select c.* from (${selected(candidates, selection, most)}) c where ${test(sql`c.id0`)}
    order by ${order} ${page}`;
}

/** Of a few, what they are sorted by is looked up; many are put into a table of hashes, and candidates looked up in that. */
function gathered(candidates: Source, { ids, few, lookedUp }: Gathered, selection: Selection): SQL {
  const { order, page, reach } = selection;
  const most = sql`limit ${reach}::bigint`;
  const looked = { ...candidates, from: lookedUp, where: sql`${candidates.where} and ${SIZE} <= ${few}::int` };
  const inOrder = sql`${candidates.where} and ${SIZE} > ${few}::int
    and ${inHashes(sql`${candidates.ids[0]}`, sql`select id from gathered`)}`;
  return sql`select c.* from (with gathered as materialized (${ids})
    (${selected(looked, selection, most)}) union all (${selected({ ...candidates, where: inOrder }, selection, most)})) c
    order by ${order} ${page}`;
}

const SIZE = sql`(select count(*) from gathered)`;

function selected(source: Source, { columns, order, beyond }: Selection, page: SQL): SQL {
  const further = beyond ? sql` and ${beyond(source)}` : sql``;
  return sql`select ${columns(source)} from ${source.from} where ${source.where}${further} order by ${order} ${page}`;
}
