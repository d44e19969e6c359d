import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Column, expressionOf } from './columns.ts';
import { equalValues, type FilterScope, filterToSql } from './filter-to-sql.ts';
import type { References } from './member-columns.ts';
import type { Reading } from './resources.ts';
import { scans } from './scans.ts';
import { sortToSql } from './sort-to-sql.ts';

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
export interface Branch {
  readonly from: SQL;
  readonly where: SQL;
  /** The UUIDs that make up its id; in this order they order what has no key, or the same. */
  readonly ids: readonly SQL[];
  /** What is sorted by; of a long value its beginning. */
  readonly key: SQL;
  /** The whole of a long value; left out where no value is cut. */
  readonly whole?: SQL;
}

/** Results in their order, whatever rows they are made of. */
export interface Listing {
  readonly segments: readonly Segment[];
  readonly descending: boolean;
  /** What is counted: from where, and which; all of it has the results once. */
  readonly sets: readonly SQL[];
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

const RESOURCES = sql`resources r`;
const NOTHING = sql`null::text`;
const ID = [sql`r.id`];

/** The results of the search. */
export function listingOf(search: Search): Listing {
  return {
    segments: segmentsOf(search),
    descending: search.descending,
    sets: search.types.map((one) => {
      const { from, where } = unsorted(search, one);
      return sql`${from} where ${where}`;
    }),
    scannedOf: search.types.some(({ filter }) => filter && scans(filter)) ? search.tenantId : undefined,
  };
}

/** The segments that make up the results, in order; those that are empty by their nature are left out. */
function segmentsOf(search: Search): Segment[] {
  const assigned: Branch[] = [];
  const unassigned: Branch[] = [];
  let key: Column['kind'] = 'text';
  for (const one of search.types) {
    const { type, sortBy } = one;
    const order = sortBy && sortToSql(sortBy, type, search.tenantId, search.locations(type.number));
    if (!order) {
      unassigned.push(unsorted(search, one));
      continue;
    }
    const matching = matchingCondition(search, one);
    const without = (where: SQL) => unassigned.push({ from: RESOURCES, where, ids: ID, key: NOTHING });
    if (order.kind === 'values') {
      const { values, where, join, hasNone } = order;
      // Values are of one type, so of all its resources the values alone tell the order.
      const from = one.filter
        ? { from: sql`${values} ${join}`, where: sql`${where} and ${matching}` }
        : { from: values, where };
      assigned.push({ ...from, ids: [sql`s.resource_id`], key: sql`s.value`, whole: sql`s.full_value` });
      without(sql`${matching} and ${hasNone}`);
    } else {
      // Types have a path in columns of different kinds only where it names one of the attributes that all types share.
      key = order.column.kind;
      const value = expressionOf(order.column);
      const where = order.always ? matching : sql`${matching} and ${value} is not null`;
      assigned.push({ from: RESOURCES, where, ids: ID, key: value });
      if (!order.always) without(sql`${matching} and ${value} is null`);
    }
  }
  const segments: Segment[] = [
    { key, branches: assigned },
    { key: undefined, branches: unassigned },
  ];
  if (search.descending) segments.reverse();
  return segments.filter(({ branches }) => branches.length > 0);
}

/** What is looked for of one type, in the order of ids. */
function unsorted(search: Search, one: TypeSearch): Branch {
  const values = one.filter && equalValues(one.filter, scopeOf(search, one));
  return values
    ? { from: sql`attribute_values v`, where: values, ids: [sql`v.resource_id`], key: NOTHING }
    : { from: RESOURCES, where: matchingCondition(search, one), ids: ID, key: NOTHING };
}

/** The condition on `resources r` that selects what is looked for of one type. */
function matchingCondition(search: Search, one: TypeSearch): SQL {
  const { type, filter } = one;
  const own = sql`r.tenant_id = ${search.tenantId}::uuid and r.type = ${type.number}::smallint`;
  return filter ? sql`${own} and (${filterToSql(filter, scopeOf(search, one))})` : own;
}

function scopeOf({ tenantId, locations, typeNames, memberTypes }: Search, { type }: TypeSearch): FilterScope {
  return { tenantId, locations, typeNames, memberTypes, type, location: locations(type.number) };
}
