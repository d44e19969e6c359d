import { type SQL, sql } from 'drizzle-orm';
import { invalidFilter } from '../protocol/errors.ts';
import { EXTERNAL_ID } from '../schema/common.ts';
import { comparable } from '../schema/comparable.ts';
import { leafOf, type ResolvedAttribute } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { needleOf, textCondition } from './conditions.ts';
import { isId } from './ids.ts';
import type { Leaf, PositiveOperator, Term } from './normal-form.ts';

/** A value that is in a column, or computed from columns, in comparable form. */
export type Column =
  | { readonly kind: 'text'; readonly text: SQL }
  | { readonly kind: 'id'; readonly id: SQL }
  | { readonly kind: 'instant'; readonly at: SQL };

/** What a path names in a row: a column, or the row itself as an element (`pr` of it holds). */
export type ColumnOf = (path: ResolvedAttribute) => Column | 'row';

/** The column of `resources` in which the attribute's value is, or undefined when it is in none. */
export function resourceColumn(
  type: ResourceTypeDefinition,
  { extension, attribute, sub }: ResolvedAttribute,
  row: SQL,
  location: string,
): Column | 'row' | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.name === type.uniqueAttribute) return { kind: 'text', text: sql`${row}.unique_key` };
  if (attribute.name === EXTERNAL_ID.name) return { kind: 'text', text: sql`${row}.external_id` };
  if (attribute.residence !== 'column') return undefined;
  switch (sub ? `${attribute.name}.${sub.name}` : attribute.name) {
    case 'id':
      return { kind: 'id', id: sql`${row}.id` };
    case 'meta':
      return 'row';
    case 'meta.resourceType':
      return { kind: 'text', text: sql`${type.name}::text collate "C"` };
    case 'meta.created':
      return { kind: 'instant', at: sql`${row}.created_at` };
    case 'meta.lastModified':
      return { kind: 'instant', at: sql`${row}.updated_at` };
    case 'meta.location':
      return {
        kind: 'text',
        text: sql`(${comparable(sub ?? attribute, location)}::text || ${row}.id::text) collate "C"`,
      };
    case 'meta.version':
      return { kind: 'text', text: sql`('W/"' || ${row}.version || '"') collate "C"` };
    default:
      return undefined;
  }
}

/** Whether a filter over the columns of one row holds. */
export function rowCondition(term: Term, columnOf: ColumnOf): SQL {
  if (term.kind === 'leaf') {
    const condition = leafCondition(term.leaf, columnOf);
    // Plain where it can be, so that an index serves it; a negated one must hold where the column is null.
    return term.negated ? sql`(${condition}) is not true` : sql`(${condition})`;
  }
  const conditions = term.terms.map((one) => rowCondition(one, columnOf));
  return sql`(${sql.join(conditions, term.kind === 'and' ? sql` and ` : sql` or `)})`;
}

function leafCondition(leaf: Leaf, columnOf: ColumnOf): SQL {
  // No attribute that is kept in columns has complex sub-attributes.
  if (leaf.kind === 'valuePath') throw unanswerable(leaf.path);
  const column = columnOf(leaf.path);
  if (leaf.kind === 'present') return column === 'row' ? sql`true` : sql`${expressionOf(column)} is not null`;
  if (column === 'row') throw unanswerable(leaf.path);
  const needle = needleOf(leaf.path, leaf.value);
  return needle === undefined ? sql`false` : columnCondition(column, leaf.operator, needle);
}

function columnCondition(column: Column, operator: PositiveOperator, needle: string): SQL {
  switch (column.kind) {
    case 'text':
      return textCondition(column.text, operator, needle);
    case 'id':
      if (operator !== 'eq') return textCondition(sql`${column.id}::text collate "C"`, operator, needle);
      return isId(needle) ? sql`${column.id} = ${needle}::uuid` : sql`false`;
    case 'instant':
      return instantCondition(column.at, operator, needle);
  }
}

/** The column has milliseconds and the literal nine digits of a second: what lies between is decided here. */
function instantCondition(at: SQL, operator: PositiveOperator, needle: string): SQL {
  const exact = needle.endsWith('000000Z');
  // PostgreSQL has no year 0; all that is stored is later.
  const limit = sql`${needle.startsWith('0000') ? '-infinity' : `${needle.slice(0, -7)}Z`}::timestamptz`;
  switch (operator) {
    case 'eq':
      return exact ? sql`${at} = ${limit}` : sql`false`;
    case 'gt':
      return sql`${at} > ${limit}`;
    case 'ge':
      return exact ? sql`${at} >= ${limit}` : sql`${at} > ${limit}`;
    case 'lt':
      return exact ? sql`${at} < ${limit}` : sql`${at} <= ${limit}`;
    case 'le':
      return sql`${at} <= ${limit}`;
    case 'co':
    case 'sw':
    case 'ew':
      throw invalidFilter(`A dateTime can't be compared with "${operator}"; use eq, ne, gt, ge, lt or le.`);
  }
}

/** The column as an expression, for presence and for sorting. */
export function expressionOf(column: Column): SQL {
  switch (column.kind) {
    case 'text':
      return column.text;
    case 'id':
      return column.id;
    case 'instant':
      return column.at;
  }
}

/** The error for a path that no stored value answers. */
export function unanswerable(path: ResolvedAttribute): Error {
  const hint = leafOf(path).type === 'complex' ? ' Name one of its sub-attributes.' : '';
  return invalidFilter(`"${path.path}" can't be used in this filter.${hint}`);
}
