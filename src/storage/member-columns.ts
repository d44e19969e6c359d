import { type SQL, sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import { comparable } from '../schema/comparable.ts';
import type { ResolvedAttribute } from '../schema/registry.ts';
import { GROUP_TYPE } from '../schema/resource-types.ts';
import { attributeNumber } from './catalog.ts';
import { type Column, type ColumnOf, rowCondition, unanswerable } from './columns.ts';
import { among } from './listed.ts';
import { normalForm, type Term } from './normal-form.ts';

/** What references to resources are made of. */
export interface References {
  readonly tenantId: string;
  /** Beginning of the URI of a resource of that type, up to its id. */
  readonly locations: (typeNumber: number) => string;
  readonly typeNames: (typeNumber: number) => string;
  /** Numbers of the types whose resources can be members of groups. */
  readonly memberTypes: readonly number[];
}

/** The sub-attributes of `members`, from a row of `members`. */
export function memberColumns(references: References, row: SQL): ColumnOf {
  const byType = (path: ResolvedAttribute, textOf: (typeNumber: number) => string) =>
    sql`case ${row}.type ${sql.join(
      references.memberTypes.map((number) => sql`when ${number}::smallint then ${constant(path, textOf(number))}`),
      sql` `,
    )} end`;
  return (path) => {
    switch (path.sub?.name) {
      case undefined:
        return 'row';
      case 'value':
        return { kind: 'id', id: sql`${row}.member_id` };
      case '$ref':
        return text(sql`(${byType(path, references.locations)} || ${row}.member_id::text) collate "C"`);
      case 'type':
        return text(sql`(${byType(path, references.typeNames)}) collate "C"`);
      case 'display':
        return text(displayKey(references, sql`${row}.member_id`));
      default:
        throw unanswerable(path);
    }
  };
}

/** The ids of the groups that have a member which the filter selects. */
export function groupsWithMember(filter: CheckedFilter, references: References): SQL {
  const row = sql.raw('m');
  return sql`select m.group_id as id from members m where m.tenant_id = ${references.tenantId}::uuid
    and ${rowCondition(normalForm(filter), memberColumns(references, row))}`;
}

/**
 * The ids of the resources that are in a group which the filter selects, directly or through nested groups. The walk goes
 * down from the groups; pairs that were seen are not walked again, so cycles end.
 */
export function membersOfGroups(filter: CheckedFilter, references: References): SQL {
  const tenant = sql`${references.tenantId}::uuid`;
  const columns = groupColumns(references, tenant);
  const whole = normalForm(filter);
  const terms = whole.kind === 'and' ? whole.terms : [whole];
  const ofGroup = terms.filter((term) => !namesType(term)).map((term) => rowCondition(term, columns));
  const ofMembership = terms.filter(namesType).map((term) => rowCondition(term, columns));
  return sql`select p.member_id as id from (
      with recursive down (member_id, group_id, type) as (
        select m.member_id, m.group_id, m.type from members m join resources g on g.tenant_id = ${tenant} and g.id = m.group_id
        where ${all([sql`m.tenant_id = ${tenant}`, ...ofGroup])}
        union
        select m.member_id, d.group_id, m.type from down d
        join members m on m.tenant_id = ${tenant} and m.group_id = d.member_id
        where d.type = ${GROUP_TYPE.number}::smallint
      ) select member_id, group_id from down
    ) p join resources g on g.tenant_id = ${tenant} and g.id = p.group_id where ${all([sql`true`, ...ofMembership])}`;
}

/** The sub-attributes of `groups`, from the group `g` and the pair `p` of member and group. */
function groupColumns(references: References, tenant: SQL): ColumnOf {
  return (path) => {
    switch (path.sub?.name) {
      case undefined:
        return 'row';
      case 'value':
        return { kind: 'id', id: sql`g.id` };
      case '$ref': {
        const location = constant(path, references.locations(GROUP_TYPE.number));
        return text(sql`(${location} || g.id::text) collate "C"`);
      }
      case 'display':
        return text(sql`g.unique_key`);
      case 'type':
        return text(sql`(case when exists (select 1 from members d where d.tenant_id = ${tenant}
          and d.group_id = p.group_id and d.member_id = p.member_id)
          then ${constant(path, 'direct')} else ${constant(path, 'indirect')} end) collate "C"`);
      default:
        throw unanswerable(path);
    }
  };
}

/** Whether the filter asks how a resource is in the group, which the group alone does not tell. */
function namesType(term: Term): boolean {
  return term.kind === 'leaf' ? term.leaf.path.sub?.name === 'type' : term.terms.some(namesType);
}

/** Comparable form of what references show of a resource: its displayName, or else its unique attribute. */
function displayKey({ tenantId, memberTypes, typeNames }: References, id: SQL): SQL {
  const numbers = memberTypes.map((number) => attributeNumber(typeNames(number), 'displayName'));
  return sql`(select coalesce((select coalesce(v.full_value, v.value) from attribute_values v
      where v.tenant_id = ${tenantId}::uuid and v.resource_id = r.id
        and ${among(sql`v.attribute`, numbers, 'int')}), r.unique_key)
    from resources r where r.tenant_id = ${tenantId}::uuid and r.id = ${id})`;
}

function constant({ sub, attribute }: ResolvedAttribute, value: string): SQL {
  return sql`${comparable(sub ?? attribute, value) ?? value}::text`;
}

function text(expression: SQL): Column {
  return { kind: 'text', text: expression };
}

function all(conditions: readonly SQL[]): SQL {
  return sql.join([...conditions], sql` and `);
}
