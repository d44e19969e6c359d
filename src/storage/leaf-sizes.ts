import { type SQL, sql } from 'drizzle-orm';
import { digestOf } from './counts.ts';
import { elementsToSql } from './element-to-sql.ts';
import { type FilterScope, isInRow, leafOfRow } from './filter-to-sql.ts';
import type { Database } from './handle.ts';
import { atMost, type SizeOf } from './leaf-tests.ts';
import { makeRoom } from './make-room.ts';
import { type Leaf, leavesOf, normalForm, type Term } from './normal-form.ts';
import { isNarrow } from './scans.ts';
import { searched } from './searched.ts';
import { readyQuery } from './statement-text.ts';
import { isOfValues, ownWhere } from './value-sets.ts';

/** How long it is believed how many resources a leaf selects. What is found does not depend on it, only how. */
export const SIZE_SECONDS = 60;
/** Most leaves of which it is remembered. */
export const SIZES_REMEMBERED = 2000;

interface Remembered {
  readonly size: number;
  readonly until: number;
}

const remembered = new WeakMap<Database, Map<string, Remembered>>();

/** A term of a search and whose resources it is about. */
export interface ScopedTerm {
  readonly term: Term;
  readonly scope: FilterScope;
}

/**
 * How many resources the leaves of the terms select, counted up to `most`, beyond which they are taken to be without end. The
 * planner can't know: statistics are of all tenants and all attributes together. Nothing is counted for terms of which
 * the kinds of their leaves tell already that they select no more than `few`.
 */
export async function sizesOf(
  db: Database,
  terms: readonly ScopedTerm[],
  few: number,
  most: number,
  now: () => number = () => performance.now(),
): Promise<SizeOf> {
  const sizes = new Map<Leaf, number>();
  const sizeOf: SizeOf = (leaf) => sizes.get(leaf) ?? Number.POSITIVE_INFINITY;
  const asked: { readonly leaf: Leaf; readonly query: SQL }[] = [];
  for (const { term, scope } of terms) {
    const leaves = leavesOf(term);
    for (const leaf of leaves) if (isName(leaf, scope)) sizes.set(leaf, 1);
    if (atMost(term, sizeOf) <= few) continue;
    for (const leaf of leaves) {
      const found = sizes.has(leaf) ? undefined : rowsOf(leaf, scope);
      if (found) asked.push({ leaf, query: sql`select count(*) from (select 1 ${found} limit ${most + 1}::int) x` });
    }
  }
  const known = remembered.get(db) ?? new Map<string, Remembered>();
  remembered.set(db, known);
  const unknown: { readonly leaf: Leaf; readonly key: string; readonly query: SQL }[] = [];
  for (const { leaf, query } of asked) {
    const key = digestOf(readyQuery(query));
    const found = known.get(key);
    if (found && found.until > now()) sizes.set(leaf, found.size);
    else unknown.push({ leaf, key, query });
  }
  if (unknown.length === 0) return sizeOf;
  const columns = unknown.map(({ query }, index) => sql`(${query})::int as ${sql.raw(`s${index}`)}`);
  const [counted = {}] = await searched<Record<string, number>>(
    db,
    sql`select ${sql.join(columns, sql`, `)}`,
    undefined,
  );
  const until = now() + SIZE_SECONDS * 1000;
  for (const [index, { leaf, key }] of unknown.entries()) {
    const count = counted[`s${index}`] ?? 0;
    const size = count > most ? Number.POSITIVE_INFINITY : count;
    sizes.set(leaf, size);
    known.delete(key);
    makeRoom(known, SIZES_REMEMBERED);
    known.set(key, { size, until });
  }
  return sizeOf;
}

/** Whether the kinds of its leaves tell that the term selects hardly more than it names. */
export function isNamed(term: Term, scope: FilterScope): boolean {
  return atMost(term, (leaf) => (isName(leaf, scope) ? 1 : Number.POSITIVE_INFINITY)) < Number.POSITIVE_INFINITY;
}

/** Whether the leaf names resources: hardly more than one has the same id, unique attribute or externalId. */
function isName(leaf: Leaf, scope: FilterScope): boolean {
  return leaf.kind === 'compare' && leaf.operator === 'eq' && isNameIn(leaf, scope);
}

function isNameIn({ path: { path } }: Leaf, { type }: FilterScope): boolean {
  return path === 'id' || path === 'externalId' || path === type.uniqueAttribute;
}

/** From where the rows come that an index finds for the leaf; undefined where all have to be looked at. */
function rowsOf(leaf: Leaf, scope: FilterScope): SQL | undefined {
  if (leaf.kind === 'compare' && (leaf.operator === 'co' || leaf.operator === 'ew')) return undefined;
  if (isOfValues(leaf, scope)) {
    if (leaf.kind !== 'valuePath') return sql`from attribute_values v where ${ownWhere(leaf, scope)}`;
    // Others may look at all elements that there are.
    if (!isNarrow(normalForm(leaf.filter))) return undefined;
    const values = { tenantId: scope.tenantId, typeName: scope.type.name };
    return sql`from (${elementsToSql(leaf.path, leaf.filter, values)}) v`;
  }
  if (!isInRow(leaf.path, scope) || leaf.kind !== 'compare' || leaf.path.path === 'id' || !isNameIn(leaf, scope))
    return undefined;
  return sql`from resources r where r.tenant_id = ${scope.tenantId}::uuid and r.type = ${scope.type.number}::smallint
    and ${leafOfRow(leaf, false, 'r', scope)}`;
}
