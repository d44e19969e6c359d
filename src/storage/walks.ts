import { type SQL, sql } from 'drizzle-orm';
import { valuesOf, withinRange } from './element-to-sql.ts';
import { type FilterScope, termToSql } from './filter-to-sql.ts';
import { drivenWhere, isTestable, testOf } from './leaf-tests.ts';
import type { Term } from './normal-form.ts';
import { isVain, type ProspectOf, rankOfLeaf } from './prospects.ts';
import { atMost, type SizeOf } from './ranks.ts';
import type { HasNone } from './sort-to-sql.ts';
import { drivenBy, ownWhere } from './value-sets.ts';

/** Rows that make up results: from where they come, and which. */
export interface Source {
  readonly from: SQL;
  readonly where: SQL;
  /** The UUIDs that make up the id of each; in this order they order what has no key, or the same. */
  readonly ids: readonly SQL[];
  /** What is sorted by; of a long value its beginning. */
  readonly key: SQL;
  /** The whole of a long value; left out where no value is cut. */
  readonly whole?: SQL;
}

/**
 * Candidates in the order of the results, each tested as it comes: of a filter that selects much a page is full soon, while
 * all that it selects is much to gather and to sort.
 */
export interface Walk {
  readonly candidates: Source;
  readonly test: (id: SQL) => SQL;
  /** Candidates that are tested for each result that is wanted; left out where there are not many anyway. */
  readonly tests?: number;
  /** Most results, those before the page and those on it, for which candidates are tested; 0 where that would be vain. */
  readonly reach: number;
  /** For where the page does not fill. */
  readonly gathered?: Gathered;
}

/** All that the filter selects. */
export interface Gathered {
  /** A query of the ids; `gathered` is what they are called then. */
  readonly ids: SQL;
  /** From where the candidates come that have these ids. */
  readonly lookedUp: SQL;
  /** Up to how many are looked up so. */
  readonly few: number;
}

/** What decides how a search finds its results. */
export interface WalkLimits {
  /** Up to so many results are gathered and sorted at once, beyond it candidates are tested in order. */
  readonly few: number;
  /** Up to so many that were gathered after all are looked up one by one. */
  readonly lookedUp: number;
  /** Up to so many resources that a leaf selects are put into a table of hashes; beyond it each candidate is probed. */
  readonly hashed: number;
  /** Candidates that are looked up in hashes for each result that is wanted; a tenth where what is sought may well be looked up one by one. */
  readonly looks: number;
  /** Candidates that are probed for each result that is wanted. */
  readonly probes: number;
  /** Most results, those before the page and those on it, for which candidates are tested. */
  readonly reach: number;
}

/**
 * To find what a resource is sorted by takes a hundredth of a millisecond, to probe a value a third of that, to look into a
 * table of hashes a tenth of that again, or less: what a walk costs before it is given up is some milliseconds.
 */
export const WALK_LIMITS: WalkLimits = {
  few: 100,
  lookedUp: 1000,
  hashed: 10_000,
  looks: 1000,
  probes: 50,
  reach: 2000,
};

/** A filter of a search on one type, with what is known of the sizes of its leaves. */
export interface Sized {
  readonly term: Term;
  readonly scope: FilterScope;
  readonly sizeOf: SizeOf;
  readonly prospectOf: ProspectOf;
  readonly limits: WalkLimits;
}

/** The walk over candidates that are in the order of the results; undefined where the filter selects little, or can't be tested. */
export function walkOver(candidates: Source, sized: Sized): Walk | undefined {
  const { term, scope, sizeOf, prospectOf, limits } = sized;
  if (!isTestable(term, scope)) return undefined;
  const most = atMost(term, sizeOf);
  if (most <= limits.few) return undefined;
  const test = (id: SQL) => testOf(term, id, scope, sizeOf, limits.hashed);
  const tests = testsFor(most, limits);
  return { candidates, test, tests, reach: isVain(prospectOf(term), tests) ? 0 : limits.reach };
}

function testsFor(most: number, { lookedUp, hashed, looks, probes }: WalkLimits): number {
  if (most > hashed) return probes;
  return most > lookedUp ? looks : Math.ceil(looks / 10);
}

/** The same over rows `s` of values that are sorted by. */
export function walkByValues(candidates: Source, sized: Sized): Walk | undefined {
  const walk = walkOver(candidates, sized);
  if (!walk) return undefined;
  const { term, scope, sizeOf, limits } = sized;
  const { from, where, id } = sourceOf(term, scope, sizeOf);
  const lookedUp = sql`gathered g cross join lateral ${valuesOf(scope.tenantId, sql`g.id`)} s`;
  return {
    ...walk,
    gathered: { ids: sql`select ${id} as id from ${from} where ${where}`, lookedUp, few: limits.lookedUp },
  };
}

/** All that the filter selects and that has no value to sort by; whether it comes first, before what has one. */
export function withNone(
  { term, scope, sizeOf, limits: { hashed, lookedUp } }: Sized,
  none: HasNone,
  first: boolean,
): Source {
  const { from, where, id } = sourceOf(term, scope, sizeOf);
  const size = sql`(select count(*) from gathered)`;
  // Of what is little, each is looked at sooner than all is counted; and little is what it is where others have not filled the page.
  const any = first && atMost(term, sizeOf) > hashed ? sql`${none.any} and ` : sql``;
  const found = sql`(with gathered as materialized (select ${id} as id from ${from} where ${where})
    select g.id from gathered g where ${any}${size} <= ${lookedUp}::int and ${none.lookedUp(sql`g.id`)}
    union all select g.id from gathered g where ${any}${size} > ${lookedUp}::int and ${none.joined(sql`g.id`)}) u`;
  return { from: found, where: sql`true`, ids: [sql`u.id`], key: sql`null::text` };
}

/** The walk in the order of ids: over what one leaf finds in that order, or else over all. */
export function walkByIds(all: Source, sized: Sized): Walk | undefined {
  const { term, scope, sizeOf, prospectOf, limits } = sized;
  const driven = drivenBy(term, scope, { onlyEqual: true, sizeOf });
  const walk = walkOver(all, sized);
  if (!driven || !walk) return walk;
  const { leaf, others } = driven;
  // Then it is what is looked for.
  if (others.length === 0) return undefined;
  const vain = isVain(prospectOf(term), limits.probes, rankOfLeaf(leaf, sizeOf));
  return {
    candidates: { from: VALUES, where: ownWhere(leaf, scope), ids: [sql`v.resource_id`], key: all.key },
    test: (id) => testOf({ kind: 'and', terms: others }, id, scope, sizeOf, limits.hashed),
    reach: vain ? 0 : limits.reach,
    ...(sizeOf(leaf) <= limits.hashed ? {} : { tests: limits.probes }),
  };
}

/** All that the filter selects, once each: by values alone where these tell. */
export function sourceOf(
  term: Term,
  scope: FilterScope,
  sizeOf?: SizeOf,
): { readonly from: SQL; readonly where: SQL; readonly id: SQL } {
  const driven = drivenBy(term, scope, { onlyEqual: false, sizeOf });
  if (driven) return { from: VALUES, where: drivenWhere(driven, scope, sizeOf), id: sql`v.resource_id` };
  return { from: RESOURCES, where: sql`${ownTo(scope)} and (${termToSql(term, scope)})`, id: sql`r.id` };
}

/** All resources of the type, as what is counted. */
export function allOfType(scope: FilterScope): SQL {
  return sql`${RESOURCES} where ${ownTo(scope)}`;
}

/** The condition that `resources r` are of the tenant and the type. */
export function ownTo({ tenantId, type, within }: FilterScope): SQL {
  return sql`r.tenant_id = ${tenantId}::uuid and r.type = ${type.number}::smallint${withinRange(sql`r.id`, within)}`;
}

const VALUES = sql`attribute_values v`;
const RESOURCES = sql`resources r`;
