import { type SQL, sql } from 'drizzle-orm';
import { leafOf, type ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Column, resourceColumn, rowCondition, unanswerable } from './columns.ts';
import { elementsToSql, type IdRange, leafCondition } from './element-to-sql.ts';
import { inHashes } from './in-hashes.ts';
import { isIndexed } from './index-values.ts';
import { groupsWithMember, membersOfGroups, type References } from './member-columns.ts';
import { type Leaf, normalForm, type Term } from './normal-form.ts';

/** Whose resources a filter is about. */
export interface FilterScope extends References {
  readonly type: ResourceTypeDefinition;
  /** Beginning of `meta.location` of this type, up to the id. */
  readonly location: string;
  /** Left out: of all of them. */
  readonly within?: IdRange;
}

/**
 * A filter as a condition on `resources r`. Each leaf becomes a set of ids: `and` joins sets, `or` is their union, a
 * negation the absence from one. What can't be answered is `invalidFilter`, never an empty result.
 */
export function termToSql(term: Term, scope: FilterScope): SQL {
  return condition(term, 'r', scope);
}

/**
 * The same as a condition on the id of a resource, for a term whose leaves are all answered by `attribute_values`: it is one
 * of whatever rows have the id, and needs no resource beside it.
 */
export function conditionOnId(term: Term, id: SQL, scope: FilterScope): SQL {
  if (term.kind === 'and') {
    return sql`(${sql.join(
      term.terms.map((one) => conditionOnId(one, id, scope)),
      sql` and `,
    )})`;
  }
  if (term.kind === 'or') {
    const terms = term.terms.map((one) => conditionOnId(one, id, scope));
    // As a union, unless a term holds for nearly everybody: of what is not in a set there is none.
    return term.terms.every(isSet) ? sql`${id} in (${idsOf(term, 'r', scope)})` : sql`(${sql.join(terms, sql` or `)})`;
  }
  const ids = idsOfLeaf(term.leaf, scope);
  return term.negated ? sql`not exists (select 1 from (${ids}) x where x.id = ${id})` : sql`${id} in (${ids})`;
}

function isSet(term: Term): boolean {
  return term.kind === 'leaf' ? !term.negated : term.kind === 'or' && term.terms.every(isSet);
}

function condition(term: Term, row: string, scope: FilterScope): SQL {
  if (term.kind === 'and') {
    const terms = term.terms.map((one) => condition(one, row, scope));
    return sql`(${sql.join(terms, sql` and `)})`;
  }
  const id = sql`${sql.raw(row)}.id`;
  if (term.kind === 'or') return sql`${id} in (${idsOf(term, row, scope)})`;
  const ofRow = leafOfRow(term.leaf, term.negated, row, scope);
  if (ofRow) return ofRow;
  const ids = idsOfLeaf(term.leaf, scope);
  if (term.leaf.path.attribute.residence === 'derived') {
    // How many are in groups, and in groups of these, the planner can't know, and it compared each with each.
    return term.negated ? sql`not ${inHashes(id, ids)}` : inHashes(id, ids);
  }
  return term.negated ? sql`not exists (select 1 from (${ids}) x where x.id = ${id})` : sql`${id} in (${ids})`;
}

/** A query of the ids of the resources for which the term holds. */
function idsOf(term: Term, row: string, scope: FilterScope): SQL {
  if (term.kind === 'or') {
    const sets = term.terms.map((one) => sql`(${idsOf(one, row, scope)})`);
    return sql.join(sets, sql` union `);
  }
  if (term.kind === 'leaf' && !term.negated && !isInRow(term.leaf.path, scope)) return idsOfLeaf(term.leaf, scope);
  const inner = `${row}r`;
  const alias = sql.raw(inner);
  return sql`select ${alias}.id from resources ${alias} where ${alias}.tenant_id = ${scope.tenantId}::uuid
    and ${alias}.type = ${scope.type.number}::smallint and ${condition(term, inner, scope)}`;
}

/** The condition on the resource's own row that answers the leaf, or undefined when its values are not there. */
export function leafOfRow(leaf: Leaf, negated: boolean, row: string, scope: FilterScope): SQL | undefined {
  if (!isInRow(leaf.path, scope)) return undefined;
  // `meta` is the only complex attribute in columns, and every resource has it.
  const term: Term = leaf.kind === 'valuePath' ? normalForm(leaf.filter, negated) : { kind: 'leaf', leaf, negated };
  return rowCondition(term, (path) => {
    const column = columnOf(path, row, scope);
    if (column === undefined) throw unanswerable(path);
    return column;
  });
}

/** Whether the values of the path are in the resource's own row. */
export function isInRow(path: ResolvedAttribute, scope: FilterScope): boolean {
  return columnOf(path, 'r', scope) !== undefined;
}

function columnOf(path: ResolvedAttribute, row: string, scope: FilterScope): Column | 'row' | undefined {
  return resourceColumn(scope.type, path, sql.raw(row), scope.location);
}

/** A query of the ids of the resources that have a value, an element or a membership which the leaf selects. */
export function idsOfLeaf(leaf: Leaf, scope: FilterScope): SQL {
  const { path } = leaf;
  if (leaf.kind === 'compare' && leafOf(path).type === 'complex') throw unanswerable(path);
  switch (path.attribute.residence) {
    case 'rows':
      return groupsWithMember(leaf.kind === 'valuePath' ? leaf.filter : leaf, scope);
    case 'derived':
      return membersOfGroups(leaf.kind === 'valuePath' ? leaf.filter : leaf, scope);
    case 'column':
    case 'hash':
      throw unanswerable(path);
    case 'document': {
      if (!isIndexed(scope.type, path)) throw unanswerable(path);
      const values = { tenantId: scope.tenantId, typeName: scope.type.name, within: scope.within };
      if (leaf.kind === 'valuePath') {
        return sql`select v.resource_id as id from (${elementsToSql(path, leaf.filter, values)}) v`;
      }
      return sql`select v.resource_id as id from attribute_values v
        where ${leafCondition(leaf, sql.raw('v'), values)}`;
    }
  }
}
