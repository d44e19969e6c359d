import { type SQL, sql } from 'drizzle-orm';
import { questionOf } from './census-question.ts';
import { toldAbout } from './censuses.ts';
import { digestOf } from './counts.ts';
import { elementsToSql } from './element-to-sql.ts';
import { type FilterScope, isInRow, leafOfRow } from './filter-to-sql.ts';
import type { Database } from './handle.ts';
import { makeRoom } from './make-room.ts';
import { type Leaf, leavesOf, normalForm, type Term } from './normal-form.ts';
import { atMost, type SizeOf, UNRANKED } from './ranks.ts';
import { isNarrow } from './scans.ts';
import { searched } from './searched.ts';
import { readyQuery } from './statement-text.ts';
import { isEqual, isOfValues, ownWhere } from './value-sets.ts';

/** How long it is believed how many resources a leaf selects. What is found does not depend on it, only how. */
export const SIZE_SECONDS = 60;
/** Most leaves of which it is remembered. */
export const SIZES_REMEMBERED = 2000;
/** Most leaves that one statement counts, two columns each, of which it may have 1,664; of the others nothing is known yet. */
export const MOST_COUNTED = 500;

interface Remembered extends Size {
  readonly until: number;
}

interface Size {
  readonly size: number;
  /** The same for what has too many to be counted; the larger, the denser these are among all ids. */
  readonly rank: number;
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
  const sizes = new Map<Leaf, Size>();
  const sizeOf: SizeOf = Object.assign((leaf: Leaf) => sizes.get(leaf)?.size ?? Number.POSITIVE_INFINITY, {
    rank: (leaf: Leaf) => sizes.get(leaf)?.rank ?? UNRANKED,
  });
  const asked: Asked[] = [];
  for (const { term, scope } of terms) {
    const leaves = leavesOf(term);
    for (const leaf of leaves) if (isName(leaf, scope)) sizes.set(leaf, { size: 1, rank: 1 });
    if (atMost(term, sizeOf) <= few) continue;
    for (const leaf of leaves) {
      const found = sizes.has(leaf) ? undefined : rowsOf(leaf, scope);
      if (!found) continue;
      const query = sql`select count(*) from (select 1 ${found} limit ${most + 1}::int) x`;
      const isInOrder = isEqual(leaf) && isOfValues(leaf, scope);
      const next = isInOrder
        ? sql`select v.resource_id ${found} order by v.resource_id offset ${most}::int limit 1`
        : NONE;
      asked.push({ leaf, scope, query, next });
    }
  }
  const told = await toldOf(db, asked, most);
  if (told) {
    for (const [index, { leaf }] of asked.entries()) sizes.set(leaf, told[index] as Size);
    return sizeOf;
  }
  const known = remembered.get(db) ?? new Map<string, Remembered>();
  remembered.set(db, known);
  const unknown: (Asked & { readonly key: string })[] = [];
  for (const one of asked) {
    const key = digestOf(readyQuery(one.query));
    const found = known.get(key);
    if (found && found.until > now()) sizes.set(one.leaf, found);
    else unknown.push({ ...one, key });
  }
  if (unknown.length === 0) return sizeOf;
  const counting = unknown.slice(0, MOST_COUNTED);
  const [counted = {}] = await searched<Counts>(db, countsOf(counting), undefined);
  const until = now() + SIZE_SECONDS * 1000;
  for (const [index, { leaf, key }] of counting.entries()) {
    const size = sizeIn(counted, index, most);
    sizes.set(leaf, size);
    known.delete(key);
    makeRoom(known, SIZES_REMEMBERED);
    known.set(key, { ...size, until });
  }
  return sizeOf;
}

/** What a census tells of the sizes; undefined where it does not tell all of them: ranks of the two kinds can't be compared. */
async function toldOf(db: Database, asked: readonly Asked[], most: number): Promise<Size[] | undefined> {
  const sizes: Size[] = [];
  for (const { leaf, scope } of asked) {
    const question = questionOf({ kind: 'leaf', leaf, negated: false }, scope);
    const size = question && (await toldAbout(db, { tenantId: scope.tenantId, type: scope.type.number, question }));
    if (size === undefined) return undefined;
    sizes.push(size <= most ? { size, rank: size } : { size: Number.POSITIVE_INFINITY, rank: size });
  }
  return sizes;
}

interface Asked {
  readonly leaf: Leaf;
  readonly scope: FilterScope;
  /** A query of the number. */
  readonly query: SQL;
  /** A query of the id after the last that is counted, where the index has the ids in order. */
  readonly next: SQL;
}

type Counts = Readonly<Record<`s${number}`, number | null> & Record<`n${number}`, string | null>>;

const NONE = sql`select null::uuid`;

/** Where there is an id after the last that is counted, nothing has to be counted any more. */
function countsOf(asked: readonly Asked[]): SQL {
  const next = asked.map(({ next }, index) => sql`(${next})::text as ${sql.raw(`n${index}`)}`);
  const sizes = asked.map(({ query }, index) => {
    const [n, s] = [sql.raw(`n${index}`), sql.raw(`s${index}`)];
    return sql`${n}, case when ${n} is null then (${query})::int end as ${s}`;
  });
  return sql`select ${sql.join(sizes, sql`, `)} from (select ${sql.join(next, sql`, `)} offset 0) x`;
}

/**
 * Of two leaves that have too many, the one with more of these ids has got less far when it has had so many of them: the ids
 * of both are in order, and spread over the same resources.
 */
function sizeIn(counted: Counts, index: number, most: number): Size {
  const next = counted[`n${index}`];
  const count = counted[`s${index}`] ?? (next ? Number.POSITIVE_INFINITY : 0);
  if (count <= most) return { size: count, rank: count };
  return { size: Number.POSITIVE_INFINITY, rank: next ? most + (1 - placeOf(next)) * (UNRANKED / 2) : UNRANKED };
}

/** Where the id is among all that can be: from 0 to 1. */
function placeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, PLACE_DIGITS), 16) / 16 ** PLACE_DIGITS;
}

/** Hexadecimal digits that a number holds exactly. */
const PLACE_DIGITS = 13;

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
