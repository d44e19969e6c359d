import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import {
  MEMBERSHIP_ETAG,
  type Membership,
  membershipId,
  membershipOf,
  type ShownMembership,
} from '../protocol/membership.ts';
import { comparable } from '../schema/comparable.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import { leafOf, type ResolvedAttribute, resolveAttribute } from '../schema/registry.ts';
import { GROUP_TYPE } from '../schema/resource-types.ts';
import { type Column, type ColumnOf, expressionOf, rowCondition, unanswerable } from './columns.ts';
import { MAX_INDEXED_LENGTH } from './cut.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { unsized } from './listed.ts';
import { memberColumns, type References } from './member-columns.ts';
import { type Leaf, normalForm, type Term } from './normal-form.ts';
import { scans } from './scans.ts';
import type { Listing, Segment } from './segments.ts';
import type { Source } from './walks.ts';

/** What is looked for among the tenant's memberships. */
export interface MembershipSearch extends References {
  readonly filter: CheckedFilter | undefined;
  readonly sortBy: ResolvedAttribute | undefined;
  readonly descending: boolean;
}

const ROW = sql.raw('m');
const NOTHING = sql`null::text`;

/** The memberships that the search selects, in their order: by group and member where nothing else is said, as by id. */
export function membershipListing(search: MembershipSearch): Listing {
  const columns = columnsOf(search);
  const own = sql`m.tenant_id = ${search.tenantId}::uuid`;
  const where = search.filter ? sql`${own} and ${rowCondition(spelledOut(normalForm(search.filter)), columns)}` : own;
  const from = sql`members m`;
  const ids = [sql`m.group_id`, sql`m.member_id`];
  const key = search.sortBy && keyOf(search.sortBy, columns, search.descending);
  return {
    segments: segmentsOf({ from, where, ids }, key, search),
    descending: search.descending,
    sets: [{ parts: [sql`${from} where ${where}`] }],
    scannedOf: search.filter && scans(search.filter) ? search.tenantId : undefined,
  };
}

/** Those that have something to sort by, and those that have nothing. A group has a name, but a member need not have one. */
function segmentsOf(
  rows: Omit<Source, 'key'>,
  key: Column | undefined,
  { sortBy, descending }: MembershipSearch,
): Segment[] {
  const unsorted = { ...rows, key: NOTHING };
  if (!key) return [{ key: undefined, branches: [unsorted] }];
  const sorted = { ...rows, key: sortedBy(key) };
  if (key.kind !== 'text' || sortBy?.attribute.name !== 'member') return [{ key: key.kind, branches: [sorted] }];
  const segments: Segment[] = [
    { key: key.kind, branches: [{ ...sorted, where: sql`${rows.where} and ${sorted.key} is not null` }] },
    { key: undefined, branches: [{ ...unsorted, where: sql`${rows.where} and ${sorted.key} is null` }] },
  ];
  return descending ? segments.reverse() : segments;
}

/** The memberships with these ids, in the order of the ids; those that there are not are left out. */
export async function membershipsWithIds(
  db: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<ShownMembership[]> {
  const asked = ids
    .map(membershipOf)
    .filter((one): one is Membership => one !== undefined && isId(one.group) && isId(one.member));
  if (asked.length === 0) return [];
  return rows<ShownMembership>(
    db,
    sql`select m.group_id as "group", g.display as "groupDisplay", m.member_id as member, m.type as "memberType",
        r.display as "memberDisplay"
      from unnest(${unsized(sql`${sql.param(asked.map(({ group }) => group))}::uuid[]`)}, ${sql.param(asked.map(({ member }) => member))}::uuid[])
        with ordinality as p (group_id, member_id, place)
      join members m on m.tenant_id = ${tenantId}::uuid and m.group_id = p.group_id and m.member_id = p.member_id
      join resources g on g.tenant_id = ${tenantId}::uuid and g.id = p.group_id
      join resources r on r.tenant_id = ${tenantId}::uuid and r.id = p.member_id
      order by p.place`,
  );
}

/** What all memberships have alike, in comparable form; null is nothing. */
const ALIKE: Readonly<Record<string, string | null>> = {
  schemas: GROUP_MEMBERSHIP_TYPE.schema.id,
  externalId: null,
  'meta.resourceType': GROUP_MEMBERSHIP_TYPE.name,
  'meta.created': null,
  'meta.lastModified': null,
  'meta.version': MEMBERSHIP_ETAG,
};

function columnsOf(references: References): ColumnOf {
  const ofMember = memberColumns(references, ROW);
  return (path) => {
    const alike = ALIKE[path.path];
    if (alike !== undefined) return constant(path, alike);
    if (path.attribute.name === 'member') return ofMember(path);
    switch (path.path) {
      case 'meta':
      case 'group':
        return 'row';
      case 'id':
        return text(ID);
      case 'meta.location':
        return text(
          sql`${comparable(leafOf(path), references.locations(GROUP_MEMBERSHIP_TYPE.number))}::text || ${ID}`,
        );
      case 'group.value':
        return { kind: 'id', id: sql`m.group_id` };
      case 'group.$ref':
        return text(
          sql`${comparable(leafOf(path), references.locations(GROUP_TYPE.number))}::text || m.group_id::text`,
        );
      case 'group.display':
        return text(sql`(select g.unique_key from resources g
          where g.tenant_id = ${references.tenantId}::uuid and g.id = m.group_id)`);
      default:
        throw unanswerable(path);
    }
  };
}

const ID = sql`m.group_id::text || '.' || m.member_id::text`;

function text(expression: SQL): Column {
  return { kind: 'text', text: sql`(${expression}) collate "C"` };
}

function constant(path: ResolvedAttribute, value: string | null): Column {
  if (leafOf(path).type === 'dateTime') return { kind: 'instant', at: sql`null::timestamptz` };
  return text(sql`${value === null ? null : (comparable(leafOf(path), value) ?? null)}::text`);
}

/** The column to sort by; undefined where that is the order that there is anyway. */
function keyOf(by: ResolvedAttribute, columns: ColumnOf, descending: boolean): Column | undefined {
  if (by.path in ALIKE || (by.path === 'id' && !descending)) return undefined;
  const column = columns(by);
  if (column === 'row') throw unanswerable(by);
  return column;
}

/** Of a long value its beginning, which is what a cursor can carry. */
function sortedBy(column: Column): SQL {
  const value = expressionOf(column);
  return column.kind === 'text' ? sql`left(${value}, ${MAX_INDEXED_LENGTH}::int)` : value;
}

/** The filter without value paths, since every membership has the complex attributes, and with ids taken apart. */
function spelledOut(term: Term): Term {
  if (term.kind !== 'leaf') return { kind: term.kind, terms: term.terms.map(spelledOut) };
  const { leaf, negated } = term;
  if (leaf.kind === 'valuePath') return spelledOut(normalForm(leaf.filter, negated));
  const pair = pairOf(leaf);
  return pair ? normalForm({ kind: 'and', terms: pair }, negated) : term;
}

/** `id eq` as comparisons of the two columns that the index is on. */
function pairOf(leaf: Leaf): CheckedFilter[] | undefined {
  if (leaf.kind !== 'compare' || leaf.operator !== 'eq' || leaf.path.path !== 'id') return undefined;
  const membership = membershipOf(String(leaf.value));
  if (!membership || membershipId(membership) !== leaf.value) return undefined;
  return [equal('group.value', membership.group), equal('member.value', membership.member)];
}

function equal(name: string, value: string): CheckedFilter {
  const path = resolveAttribute(GROUP_MEMBERSHIP_TYPE, name);
  if (!path) throw new Error(`${name} is an attribute of memberships`);
  return { kind: 'compare', path, operator: 'eq', value };
}
