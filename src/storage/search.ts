import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type FilterScope, filterToSql } from './filter-to-sql.ts';
import { type Database, rows } from './handle.ts';
import { RESOURCE_COLUMNS, type ResourceRow } from './resources.ts';
import { sortToSql } from './sort-to-sql.ts';

/** What to look for, and which page of it. */
export interface Search {
  readonly tenantId: string;
  readonly type: ResourceTypeDefinition;
  readonly filter?: CheckedFilter;
  readonly sort?: { readonly by: ResolvedAttribute; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
  /** Beginning of `meta.location` of this type, up to the id. */
  readonly location: string;
  /** Beginning of the URI of a resource of that type number, up to its id. */
  readonly locations: (typeNumber: number) => string;
  readonly typeNames: (typeNumber: number) => string;
}

/** A page of the resources that the filter selects, and how many it selects in all. With limit 0 only the number. */
export async function searchResources(db: Database, search: Search): Promise<{ rows: ResourceRow[]; total: number }> {
  const matching = matchingCondition(search);
  if (search.limit === 0) return { rows: [], total: await count(db, matching) };
  const ids = await pageOf(db, search, matching);
  const found = await documents(db, search.tenantId, ids);
  // A page that is not full is the last one, and its place tells how many there are.
  const isLast = ids.length < search.limit && (ids.length > 0 || search.offset === 0);
  return { rows: found, total: isLast ? search.offset + ids.length : await count(db, matching) };
}

function matchingCondition(search: Search): SQL {
  const own = sql`r.tenant_id = ${search.tenantId}::uuid and r.type = ${search.type.number}::smallint`;
  if (!search.filter) return own;
  const scope: FilterScope = search;
  return sql`${own} and (${filterToSql(search.filter, scope)})`;
}

async function count(db: Database, matching: SQL): Promise<number> {
  const [found] = await rows<{ n: number }>(db, sql`select count(*)::int as n from resources r where ${matching}`);
  return found?.n ?? 0;
}

/** The ids of the page: from indexes alone, as far as the filter lets them. */
async function pageOf(db: Database, search: Search, matching: SQL): Promise<string[]> {
  const { sort, type, tenantId, location, offset, limit } = search;
  const all = sql`from resources r where ${matching}`;
  if (!sort) return ids(db, all, sql`r.id`, offset, limit);
  const order = sortToSql(sort.by, type, tenantId, location);
  if (order.kind === 'index') return pageByIndex(db, search, matching, order.attribute);
  const key = sort.descending ? sql`${order.key} desc nulls first` : sql`${order.key} asc nulls last`;
  return ids(db, all, sql`${key}, r.id`, offset, limit);
}

/**
 * The page in the order of a single-valued attribute, as the index has it: those with a value and those without are two
 * lists, one after the other (RFC 7644 §3.4.2.3: unassigned last when ascending, first when descending).
 */
async function pageByIndex(db: Database, search: Search, matching: SQL, attribute: number): Promise<string[]> {
  const { tenantId, offset, limit } = search;
  const descending = search.sort?.descending === true;
  const values = sql`s.tenant_id = ${tenantId}::uuid and s.attribute = ${attribute}::int`;
  const assigned = {
    from: sql`from attribute_values s join resources r on r.tenant_id = ${tenantId}::uuid and r.id = s.resource_id
      where ${values} and ${matching}`,
    order: descending
      ? sql`s.value desc, s.full_value desc nulls last, r.id`
      : sql`s.value, s.full_value nulls first, r.id`,
  };
  const unassigned = {
    from: sql`from resources r where ${matching}
      and not exists (select 1 from attribute_values s where ${values} and s.resource_id = r.id)`,
    order: sql`r.id`,
  };
  const [first, second] = descending ? [unassigned, assigned] : [assigned, unassigned];
  const page = await ids(db, first.from, first.order, offset, limit);
  if (page.length === limit) return page;
  const length = page.length > 0 || offset === 0 ? offset + page.length : await lengthOf(db, first.from);
  const rest = await ids(db, second.from, second.order, Math.max(0, offset - length), limit - page.length);
  return [...page, ...rest];
}

async function lengthOf(db: Database, from: SQL): Promise<number> {
  const [found] = await rows<{ n: number }>(db, sql`select count(*)::int as n ${from}`);
  return found?.n ?? 0;
}

async function ids(db: Database, from: SQL, order: SQL, offset: number, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select r.id ${from} order by ${order} limit ${limit}::int offset ${offset}::bigint`,
  );
  return found.map((row) => row.id);
}

/** The resources with these ids, in the order of the ids. */
async function documents(db: Database, tenantId: string, page: readonly string[]): Promise<ResourceRow[]> {
  if (page.length === 0) return [];
  return rows<ResourceRow>(
    db,
    sql`select ${RESOURCE_COLUMNS} from unnest(${sql.param(page)}::uuid[]) with ordinality as p (id, place)
      join resources r on r.tenant_id = ${tenantId}::uuid and r.id = p.id order by p.place`,
  );
}
