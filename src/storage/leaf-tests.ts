import { type SQL, sql } from 'drizzle-orm';
import { elementsToSql, leafCondition, valuesOf } from './element-to-sql.ts';
import { conditionOnId, type FilterScope, idsOfLeaf, isInRow, leafOfRow } from './filter-to-sql.ts';
import { inHashes } from './in-hashes.ts';
import { type Leaf, leavesOf, type Term } from './normal-form.ts';
import { atMost, rankOf, type SizeOf } from './ranks.ts';
import { type Driven, isOfValues, ownWhere } from './value-sets.ts';

/** Whether the term can be tested for one resource after another: by its own row, or by its values. */
export function isTestable(term: Term, scope: FilterScope): boolean {
  if (term.kind !== 'leaf') return term.terms.every((one) => isTestable(one, scope));
  return isInRow(term.leaf.path, scope) || isOfValues(term.leaf, scope);
}

/**
 * Whether the term holds for the resource with that id. Leaves that select up to so many are read once and put into a
 * table of hashes; the others are probed in the index. Nothing here can become a join, whatever the planner thinks of the
 * sizes: resources are tested in the order in which they come, and no more of them than are asked for.
 */
export function testOf(term: Term, id: SQL, scope: FilterScope, sizeOf: SizeOf, hashed: number): SQL {
  if (term.kind !== 'leaf') {
    const fewestFirst = term.terms.toSorted((a, b) => rankOf(a, sizeOf) - rankOf(b, sizeOf));
    const tests = fewestFirst.map((one) => testOf(one, id, scope, sizeOf, hashed));
    if (term.kind === 'or') return sql`(${sql.join(tests.toReversed(), sql` or `)})`;
    // Most candidates fail the first test. Of terms joined with `and` PostgreSQL would make the one that looks cheapest the first.
    return inOrder(tests);
  }
  const { leaf, negated } = term;
  const holds =
    !isInRow(leaf.path, scope) && sizeOf(leaf) <= hashed
      ? inHashes(id, idsOfLeaf(leaf, scope))
      : probe(leaf, id, scope);
  return negated ? sql`not ${holds}` : holds;
}

/** The tests one after the other until one fails. By halves: PostgreSQL descends into each `case`, and its stack ends. */
function inOrder(tests: readonly SQL[]): SQL {
  const [only, another] = tests;
  if (!another) return only ?? sql`true`;
  const half = Math.ceil(tests.length / 2);
  return sql`case when ${inOrder(tests.slice(0, half))} then ${inOrder(tests.slice(half))} else false end`;
}

/** Resources that are tested one by one: to probe that many costs as much as to read some ten times as many. */
export const MOST_TESTED = 1000;

/** Most sets that are joined; of more, resources are tested. To plan a join of 250 took a minute, and 120 took a quarter of it. */
export const MOST_JOINED = 30;

/**
 * The rows of `attribute_values v` that such a term selects. Where they are few, or all others are, each is tested for these, so
 * that no plan takes longer than the tests; and where there are too many to plan a join. Else sets are joined.
 */
export function drivenWhere({ leaf, others }: Driven, scope: FilterScope, sizeOf?: SizeOf): SQL {
  const id = sql`v.resource_id`;
  const leaves = others.flatMap(leavesOf);
  const isTested =
    sizeOf &&
    (sizeOf(leaf) <= MOST_TESTED ||
      leaves.every((one) => isSized(one, sizeOf)) ||
      (leaves.length > MOST_JOINED && others.every((one) => isTestable(one, scope))));
  const conditions = others.map((one) =>
    isTested ? testOf(one, id, scope, sizeOf, Number.MAX_SAFE_INTEGER) : conditionOnId(one, id, scope),
  );
  return sql.join([ownWhere(leaf, scope), ...conditions], sql` and `);
}

/** Whether the term joins sets that are too large for tests, so that these have to be merged. */
export function isBroad(term: Term, sizeOf: SizeOf): boolean {
  if (term.kind === 'leaf' || atMost(term, sizeOf) <= MOST_TESTED) return false;
  return !leavesOf(term).every((one) => isSized(one, sizeOf));
}

function isSized(leaf: Leaf, sizeOf: SizeOf): boolean {
  return sizeOf(leaf) < Number.POSITIVE_INFINITY;
}

// `offset 0` is what keeps the planner from making a join of it.
function probe(leaf: Leaf, id: SQL, scope: FilterScope): SQL {
  const tenant = sql`${scope.tenantId}::uuid`;
  const ofRow = leafOfRow(leaf, false, 'q', scope);
  if (ofRow) {
    return sql`exists (select 1 from resources q where q.tenant_id = ${tenant} and q.id = ${id} and ${ofRow} offset 0)`;
  }
  const values = { tenantId: scope.tenantId, typeName: scope.type.name };
  if (leaf.kind === 'valuePath') {
    return sql`exists (select 1 from (${elementsToSql(leaf.path, leaf.filter, values)}) p where p.resource_id = ${id} offset 0)`;
  }
  const condition = leafCondition(leaf, sql.raw('p'), values);
  // The index has the ids below each single value; for any other comparison, the values of the resource are looked at.
  if (leaf.kind === 'compare' && leaf.operator === 'eq') {
    return sql`exists (select 1 from attribute_values p where ${condition} and p.resource_id = ${id} offset 0)`;
  }
  return sql`exists (select 1 from ${valuesOf(scope.tenantId, id)} p where ${condition} offset 0)`;
}
