import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { questionOf } from './census-question.ts';
import type { Asked } from './censuses.ts';
import { type Column, expressionOf } from './columns.ts';
import { type Counted, countedOf } from './counted-sets.ts';
import { type FilterScope, termToSql } from './filter-to-sql.ts';
import type { Database } from './handle.ts';
import { isNamed, sizesOf } from './leaf-sizes.ts';
import { isBroad, isTestable } from './leaf-tests.ts';
import type { References } from './member-columns.ts';
import { normalForm, type Term } from './normal-form.ts';
import { NO_PROSPECTS, type ProspectOf, prospectsOf } from './prospects.ts';
import type { SizeOf } from './ranks.ts';
import type { Reading } from './resources.ts';
import { scans } from './scans.ts';
import { type Severally, sortToSql } from './sort-to-sql.ts';
import { allOfValues } from './value-sets.ts';
import {
  ownTo,
  type Source,
  sourceOf,
  WALK_LIMITS,
  type Walk,
  type WalkLimits,
  walkByIds,
  walkByValues,
  walkOver,
  withNone,
} from './walks.ts';

/** What is looked for among the resources of one type. */
export interface TypeSearch {
  readonly type: ResourceTypeDefinition;
  /** Left out: all of them. */
  readonly filter?: CheckedFilter;
  /** Left out: the type has no such attribute, so that none of its resources has a value (RFC 7644 §3.4.2.1). */
  readonly sortBy?: ResolvedAttribute;
}

/** What to look for, over one type or several, and in which order: by id where no type has a `sortBy`. */
export interface Search extends References {
  readonly types: readonly TypeSearch[];
  readonly descending: boolean;
  /** What is read of the resources that are found. */
  readonly reading?: Reading;
  /** Left out: those that suit a large directory. */
  readonly limits?: WalkLimits;
}

/**
 * A stretch of the results in their order: the resources that have a value to sort by, or those without one. The latter
 * come last when ascending, first when descending (RFC 7644 §3.4.2.3), and are ordered by id.
 */
export interface Segment {
  /** Kind of the values; undefined in the segment of those without. */
  readonly key: Column['kind'] | undefined;
  readonly branches: readonly Branch[];
}

/** The part of a segment that is of one type. */
export interface Branch extends Source {
  /** Another way to the same rows; left out where there is none that is better. */
  readonly walk?: Walk | undefined;
  /** As many rows, sooner counted; left out where there is no better way. */
  readonly counted?: SQL | undefined;
}

/** What sets have to be joined for the results. */
export interface Joining {
  /** Whether what is gathered and counted is made of several sets, of which none is known to be next to nothing. */
  readonly combined?: boolean;
  /** Whether these are sets of values that are too large for each to be tested for the others. */
  readonly broad?: boolean;
}

/** Results in their order, whatever rows they are made of. */
export interface Listing extends Joining {
  readonly segments: readonly Segment[];
  readonly descending: boolean;
  /**
   * Whether nothing of it was there some seconds ago, so that to count it is the shortest way to know; left out where that is not
   * known.
   */
  readonly isLikelyEmpty?: boolean;
  /** What is counted; all of it has the results once. */
  readonly sets: readonly Counted[];
  /** The same of the resources with ids below one, and of the others; left out where it can't be parted so. */
  readonly halves?: (id: string) => readonly (readonly Counted[])[];
  /** The same as a census may tell it; left out where none can. */
  readonly asked?: Asked | undefined;
  /** The tenant, where finding the results may take a look at everything that it has. */
  readonly scannedOf: string | undefined;
}

/** A row of a page: the parts of its id, under the names that `idColumns` gives them. */
export type IdRow = Readonly<Record<`id${number}`, string>>;

/** The parts of a branch's ids, as columns to select. */
export function idColumns(ids: readonly SQL[]): SQL {
  return list(ids.map((id, index) => sql`${id} as ${idName(index)}`));
}

/** The names of these columns: what results are ordered by. */
export function idNames({ branches }: Segment): SQL[] {
  return (branches[0]?.ids ?? []).map((_, index) => idName(index));
}

/** The id that such a row has: its parts with dots between them. */
export function idOf(row: IdRow): string {
  const parts: string[] = [];
  for (let part = row.id0; part !== undefined; part = row[`id${parts.length}`]) parts.push(part);
  return parts.join('.');
}

/** The parts of such an id. */
export function idParts(id: string): string[] {
  return id.split('.');
}

/** Expressions with commas between them. */
export function list(expressions: readonly SQL[]): SQL {
  return sql.join([...expressions], sql`, `);
}

function idName(index: number): SQL {
  return sql.raw(`id${index}`);
}

const HALVES = ['below', 'from'] as const;
const RESOURCES = sql`resources r`;
const NOTHING = sql`null::text`;
const ID = [sql`r.id`];

/** What is looked for of one type, made ready. */
interface Sought extends Pick<TypeSearch, 'sortBy'> {
  readonly scope: FilterScope;
  readonly term: Term | undefined;
}

/** The results of the search, with what the sizes of its leaves tell of how they are found best. */
export async function listingOf(db: Database, search: Search): Promise<Listing> {
  const { few, hashed, probes } = search.limits ?? WALK_LIMITS;
  const sought = search.types.map(soughtIn(search));
  const terms = sought.flatMap(({ term, scope, sortBy }) =>
    term && isTestable(term, scope) && (sortBy || !isLookedUp(term)) ? [{ term, scope }] : [],
  );
  const sizeOf = terms.length > 0 ? await sizesOf(db, terms, few, hashed) : undefined;
  const prospectOf = sizeOf ? await prospectsOf(db, terms, sizeOf, probes) : NO_PROSPECTS;
  return {
    segments: segmentsOf(search, sought, sizeOf, prospectOf),
    isLikelyEmpty: sought.every(({ term }) => term && prospectOf(term)?.selected === 0),
    descending: search.descending,
    combined: sought.some(({ term, scope }) => term && (term.kind !== 'leaf' || term.negated) && !isNamed(term, scope)),
    broad: sizeOf !== undefined && areBroad(sought, sizeOf),
    // Most searches are not counted.
    get sets() {
      return sought.map(({ term, scope }) => countedOf(term, scope, sizeOf));
    },
    halves: (id) =>
      HALVES.map((side) =>
        sought.map(({ term, scope }) => countedOf(term, { ...scope, within: { side, id } }, sizeOf)),
      ),
    get asked() {
      return askedIn(search, sought);
    },
    scannedOf: search.types.some(({ filter }) => filter && scans(filter)) ? search.tenantId : undefined,
  };
}

function askedIn({ tenantId }: Search, sought: readonly Sought[]): Asked | undefined {
  const [only, another] = sought;
  if (!only || another) return undefined;
  const { term, scope } = only;
  const question = term && questionOf(term, scope);
  return term && !question ? undefined : { tenantId, type: scope.type.number, question };
}

function soughtIn({ tenantId, locations, typeNames, memberTypes }: Search): (one: TypeSearch) => Sought {
  return ({ type, filter, sortBy }) => ({
    scope: { tenantId, locations, typeNames, memberTypes, type, location: locations(type.number) },
    term: filter && normalForm(filter),
    ...(sortBy ? { sortBy } : {}),
  });
}

/** The segments that make up the results, in order; those that are empty by their nature are left out. */
function segmentsOf(
  search: Search,
  sought: readonly Sought[],
  sizeOf: SizeOf | undefined,
  prospectOf: ProspectOf,
): Segment[] {
  const assigned: Branch[] = [];
  const unassigned: Branch[] = [];
  const limits = search.limits ?? WALK_LIMITS;
  let key: Column['kind'] = 'text';
  for (const { scope, term, sortBy } of sought) {
    const { tenantId, type, location } = scope;
    const sized = term && sizeOf && { term, scope, sizeOf, prospectOf, limits };
    const all = { from: RESOURCES, where: ownTo(scope), ids: ID, key: NOTHING };
    const order = sortBy && sortToSql(sortBy, type, tenantId, location);
    if (!order) {
      const { from, where, id } = term ? sourceOf(term, scope, sizeOf) : { ...all, id: sql`r.id` };
      unassigned.push({ from, where, ids: [id], key: NOTHING, walk: sized && walkByIds(all, sized) });
      continue;
    }
    const matching = term ? sql`${ownTo(scope)} and (${termToSql(term, scope)})` : ownTo(scope);
    if (order.kind === 'values') {
      const { values, where, join, hasNone, severally } = order;
      // Values are of one type, so of all its resources the values alone tell the order.
      const sorted = { from: values, where, ids: [sql`s.resource_id`], key: sql`s.value`, whole: sql`s.full_value` };
      const found = term ? { ...sorted, from: sql`${values} ${join}`, where: sql`${where} and ${matching}` } : sorted;
      const counted = severally && (term ? countedSeverally(severally, term, scope, sizeOf) : severally.all);
      assigned.push({ ...found, counted, walk: sized && walkByValues(sorted, sized) });
      const without = sql`${all.where} and ${hasNone.any} and ${hasNone.joined(sql`r.id`)}`;
      unassigned.push(
        term
          ? withNone({ term, scope, sizeOf: sizeOf ?? unknown, prospectOf, limits }, hasNone, search.descending)
          : { ...all, where: without },
      );
    } else {
      // Types have a path in columns of different kinds only where it names one of the attributes that all types share.
      key = order.column.kind;
      const value = expressionOf(order.column);
      const isAssigned = order.always ? sql`` : sql` and ${value} is not null`;
      const sorted = { ...all, where: sql`${all.where}${isAssigned}`, key: value };
      assigned.push({ ...sorted, where: sql`${matching}${isAssigned}`, walk: sized && walkOver(sorted, sized) });
      if (!order.always) unassigned.push({ ...all, where: sql`${matching} and ${value} is null` });
    }
  }
  const segments: Segment[] = [
    { key, branches: assigned },
    { key: undefined, branches: unassigned },
  ];
  if (search.descending) segments.reverse();
  return segments.filter(({ branches }) => branches.length > 0);
}

function countedSeverally({ has }: Severally, term: Term, scope: FilterScope, sizeOf: SizeOf | undefined): SQL {
  const { from, where, id } = sourceOf(term, scope, sizeOf);
  return sql`${from} where ${where} and ${has(id)}`;
}

function areBroad(sought: readonly Sought[], sizeOf: SizeOf): boolean {
  const ofValues = sought.every(({ term, scope }) => !term || allOfValues(term, scope));
  return ofValues && sought.some(({ term }) => term && isBroad(term, sizeOf));
}

/** Nothing is known of sizes. */
const unknown: SizeOf = () => Number.POSITIVE_INFINITY;

/** Whether the term is found in the index by itself, and in the order of ids, or is next to nothing. */
function isLookedUp(term: Term): boolean {
  if (term.kind !== 'leaf' || term.negated) return false;
  return term.leaf.kind === 'valuePath' || (term.leaf.kind === 'compare' && term.leaf.operator === 'eq');
}
