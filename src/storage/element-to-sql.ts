import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import { type ResolvedAttribute, resolved } from '../schema/registry.ts';
import { attributeNumber } from './catalog.ts';
import { unanswerable } from './columns.ts';
import { needleOf, valueCondition } from './conditions.ts';
import { type Leaf, normalForm, type Term } from './normal-form.ts';

/** Whose values are looked for. */
export interface ValueScope {
  readonly tenantId: string;
  readonly typeName: string;
  readonly within?: IdRange | undefined;
}

/** Resources by their ids: those from one on, or those below one. */
export interface IdRange {
  readonly side: 'from' | 'below';
  readonly id: string;
}

/** The further condition that an id is in the range. */
export function withinRange(id: SQL, range: IdRange | undefined): SQL {
  if (!range) return sql``;
  return range.side === 'from' ? sql` and ${id} >= ${range.id}::uuid` : sql` and ${id} < ${range.id}::uuid`;
}

/** Whether a row of `attribute_values` answers the leaf. */
export function leafCondition(leaf: Leaf, row: SQL, { tenantId, typeName, within }: ValueScope): SQL {
  if (leaf.kind === 'valuePath') throw unanswerable(leaf.path);
  const range = withinRange(sql`${row}.resource_id`, within);
  const own = sql`${row}.tenant_id = ${tenantId}::uuid and ${attributeCondition(row, typeName, leaf.path)}${range}`;
  if (leaf.kind === 'present') return own;
  const needle = needleOf(leaf.path, leaf.value);
  return sql`${own} and ${needle === undefined ? sql`false` : valueCondition(row, leaf.operator, needle)}`;
}

/**
 * A query of the elements (`resource_id`, `element`) of the attribute which the filter of a value path selects: all its
 * terms hold for one and the same element.
 */
export function elementsToSql(parent: ResolvedAttribute, filter: CheckedFilter, scope: ValueScope): SQL {
  return elements(normalForm(filter), parent, scope);
}

function elements(term: Term, parent: ResolvedAttribute, scope: ValueScope): SQL {
  if (term.kind === 'or') {
    const sets = term.terms.map((one) => sql`(${elements(one, parent, scope)})`);
    return sql.join(sets, sql` union `);
  }
  const terms = term.kind === 'and' ? term.terms : [term];
  // The others are looked up for what one of them finds: best a probe of the index, and rather not by a mere type.
  const base = terms.find((one) => isProbe(one) && tagOf(one) === undefined) ?? terms.find(isPositive);
  const others = terms.filter((one) => one !== base);
  if (base?.kind === 'leaf') {
    const conditions = others.map((other) => tagCondition(other) ?? elementCondition(other, parent, scope));
    return selected(sql`attribute_values e`, [leafCondition(base.leaf, sql.raw('e'), scope), ...conditions]);
  }
  const set = base ? elements(base, parent, scope) : everyElement(parent, scope);
  return selected(
    sql`(${set}) e`,
    others.map((other) => elementCondition(other, parent, scope)),
  );
}

function selected(from: SQL, conditions: readonly SQL[]): SQL {
  const where = sql.join([sql`true`, ...conditions], sql` and `);
  return sql`select e.resource_id, e.element from ${from} where ${where}`;
}

/** Whether the term holds for the element `e`. */
function elementCondition(term: Term, parent: ResolvedAttribute, scope: ValueScope): SQL {
  if (term.kind === 'leaf' && term.negated) {
    return sql`not exists (select 1 from attribute_values n where n.resource_id = e.resource_id
      and n.element = e.element and ${leafCondition(term.leaf, sql.raw('n'), scope)})`;
  }
  return sql`(e.resource_id, e.element) in (${elements(term, parent, scope)})`;
}

/** An element without a value is none, so those that have one are all there are. */
function everyElement(parent: ResolvedAttribute, { tenantId, typeName }: ValueScope): SQL {
  return sql`select distinct u.resource_id, u.element from attribute_values u
    where u.tenant_id = ${tenantId}::uuid and ${attributeCondition(sql.raw('u'), typeName, parent)}`;
}

/** `attribute` is the number of the path, or that of any of its sub-attributes. */
function attributeCondition(row: SQL, typeName: string, { extension, attribute, sub, path }: ResolvedAttribute): SQL {
  const paths =
    sub || !attribute.subAttributes
      ? [path]
      : attribute.subAttributes.map((one) => resolved(extension, attribute, one).path);
  const numbers = paths.map((one) => sql`${attributeNumber(typeName, one)}::int`);
  return sql`${row}.attribute in (${sql.join(numbers, sql`, `)})`;
}

function isPositive(term: Term): boolean {
  return term.kind !== 'leaf' || !term.negated;
}

function isProbe(term: Term): boolean {
  return term.kind === 'leaf' && !term.negated;
}

/** `type eq "…"` beside another term: each value of an element bears the element's type as its tag. */
function tagCondition(term: Term): SQL | undefined {
  const tag = tagOf(term);
  return tag === undefined ? undefined : sql`e.tag = ${tag}::text`;
}

function tagOf(term: Term): string | undefined {
  if (term.kind !== 'leaf' || term.negated || term.leaf.kind !== 'compare' || term.leaf.operator !== 'eq') {
    return undefined;
  }
  const { path, value } = term.leaf;
  return path.sub?.name === 'type' && !path.sub.multiValued ? needleOf(path, value) : undefined;
}

/** The values of the resource with that id: `offset 0` leaves the index of a resource's values as the only way to them. */
export function valuesOf(tenantId: string, id: SQL): SQL {
  return sql`(select a.* from attribute_values a where a.tenant_id = ${tenantId}::uuid and a.resource_id = ${id} offset 0)`;
}
