import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Column, expressionOf } from './columns.ts';
import { filterToSql } from './filter-to-sql.ts';
import type { References } from './member-columns.ts';
import type { Reading } from './resources.ts';
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
  readonly id: SQL;
  /** What is sorted by; of a long value its beginning. */
  readonly key: SQL;
  /** The whole of a long value. */
  readonly whole: SQL;
}

const RESOURCES = sql`resources r`;
const NOTHING = sql`null::text`;
const ID = sql`r.id`;

/** The segments that make up the results, in order; those that are empty by their nature are left out. */
export function segmentsOf(search: Search): Segment[] {
  const assigned: Branch[] = [];
  const unassigned: Branch[] = [];
  let key: Column['kind'] = 'text';
  for (const one of search.types) {
    const matching = matchingCondition(search, one);
    const without = (where: SQL) => unassigned.push({ from: RESOURCES, where, id: ID, key: NOTHING, whole: NOTHING });
    const { type, sortBy } = one;
    const order = sortBy && sortToSql(sortBy, type, search.tenantId, search.locations(type.number));
    if (!order) {
      without(matching);
    } else if (order.kind === 'values') {
      const { from, hasNone } = order;
      assigned.push({ from, where: matching, id: sql`s.resource_id`, key: sql`s.value`, whole: sql`s.full_value` });
      without(sql`${matching} and ${hasNone}`);
    } else {
      // Types have a path in columns of different kinds only where it names one of the attributes that all types share.
      key = order.column.kind;
      const value = expressionOf(order.column);
      const where = order.always ? matching : sql`${matching} and ${value} is not null`;
      assigned.push({ from: RESOURCES, where, id: ID, key: value, whole: NOTHING });
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

/** The condition on `resources r` that selects what is looked for of one type. */
export function matchingCondition(search: Search, { type, filter }: TypeSearch): SQL {
  const own = sql`r.tenant_id = ${search.tenantId}::uuid and r.type = ${type.number}::smallint`;
  if (!filter) return own;
  const { tenantId, locations, typeNames } = search;
  const scope = { tenantId, locations, typeNames, type, location: locations(type.number) };
  return sql`${own} and (${filterToSql(filter, scope)})`;
}
