import { type SQL, sql } from 'drizzle-orm';
import { invalidValue, noTarget, type ScimError } from '../protocol/errors.ts';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { MemberReference, MembershipStep } from '../protocol/patch/membership.ts';
import { rowCondition } from './columns.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { among, unsized } from './listed.ts';
import { memberColumns } from './member-columns.ts';
import { normalForm } from './normal-form.ts';

/** How references to resources are made. */
export interface MembershipRules {
  readonly tenantId: string;
  /** Members that name no resource are left out instead of refused. */
  readonly skipUnknown: boolean;
  /** Hears that some were. */
  readonly skipped?: () => void;
  /** Beginning of the URI of a resource of that type, up to its id. */
  readonly location: (typeNumber: number) => string;
  readonly typeName: (typeNumber: number) => string;
  /** Numbers of the types whose resources can be members. */
  readonly memberTypes: readonly number[];
}

/** The group whose members change, and how references to resources are made. */
export interface MembershipContext extends MembershipRules {
  /** Its row is locked by the caller. */
  readonly groupId: string;
}

/** Carries out the steps in order, each as statements on sets. Tells whether any membership changed. */
export async function applyMembership(
  tx: Database,
  context: MembershipContext,
  steps: readonly MembershipStep[],
): Promise<boolean> {
  let changed = false;
  for (const step of steps) changed = (await applyStep(tx, context, step)) || changed;
  return changed;
}

/** The members that a step adds, whatever it removes. */
export function membersAdded(step: MembershipStep): readonly MemberReference[] {
  return step.kind === 'add' || step.kind === 'replace' || step.kind === 'replaceWhere' ? step.members : [];
}

async function applyStep(tx: Database, context: MembershipContext, step: MembershipStep): Promise<boolean> {
  switch (step.kind) {
    case 'add':
      return add(tx, context, step.members);
    case 'remove':
      return remove(tx, context, sql`m.member_id = any(${unsized(idArray(step.members))})`);
    case 'removeAll':
      return remove(tx, context, sql`true`);
    case 'replace': {
      const removed = await remove(tx, context, notAmong(step.members));
      return (await add(tx, context, step.members)) || removed;
    }
    case 'removeWhere':
      return remove(tx, context, selectedBy(step.filter, context));
    case 'replaceWhere':
      return replaceWhere(tx, context, step);
  }
}

async function replaceWhere(
  tx: Database,
  context: MembershipContext,
  { filter, members, whenNone }: Extract<MembershipStep, { kind: 'replaceWhere' }>,
): Promise<boolean> {
  const selected = selectedBy(filter, context);
  const found = await rows(tx, sql`select 1 from members m where ${ofGroup(context)} and ${selected} limit 1`);
  if (found.length === 0 && whenNone === 'noTarget') {
    throw noTarget('No member matches the filter in the path; name one of the members that there are.');
  }
  const removed = await remove(tx, context, sql`${selected} and ${notAmong(members)}`);
  return (await add(tx, context, members)) || removed;
}

/**
 * Adds the members that are not there yet. Their resources are locked against deletion until the transaction ends, so that
 * no membership of a deleted resource stays behind.
 */
async function add(tx: Database, context: MembershipContext, members: readonly MemberReference[]): Promise<boolean> {
  const wanted = members.filter((member) => !isRefused(member, context));
  if (wanted.length === 0) return false;
  const tenant = sql`${context.tenantId}::uuid`;
  const [result] = await rows<{ added: number; unknown: string | null }>(
    tx,
    sql`with asked (id) as (select distinct a.id from unnest(${idArray(wanted)}) as a (id)),
      known as materialized (
        select r.id, r.type from resources r where r.tenant_id = ${tenant} and ${among(
          sql`r.id`,
          wanted.map((member) => member.value),
        )}
          and ${among(sql`r.type`, context.memberTypes, 'smallint')}
        order by r.id for key share
      ),
      added as (
        insert into members (tenant_id, group_id, member_id, type)
        select ${tenant}, ${context.groupId}::uuid, k.id, k.type from known k
        on conflict do nothing returning 1
      )
      select (select count(*)::int from added) as added,
        (select a.id::text from asked a where not exists (select 1 from known k where k.id = a.id) limit 1) as unknown`,
  );
  if (result?.unknown && !context.skipUnknown) throw unknownMember(result.unknown, context);
  if (result?.unknown) context.skipped?.();
  return (result?.added ?? 0) > 0;
}

/** Whether the reference can name no member; throws where the sender has to know. */
function isRefused(member: MemberReference, context: MembershipContext): boolean {
  const refusal = refusalOf(member, context.groupId, context);
  if (refusal && !context.skipUnknown) throw refusal;
  if (refusal) context.skipped?.();
  return refusal !== undefined;
}

/** Why the reference can name no member of the group, whatever resources there are. */
export function refusalOf({ value }: MemberReference, groupId: string, rules: MembershipRules): ScimError | undefined {
  if (value === groupId) {
    return invalidValue('A group can not be a member of itself; leave its own id out of members.');
  }
  return isId(value) ? undefined : unknownMember(value, rules);
}

async function remove(tx: Database, context: MembershipContext, which: SQL): Promise<boolean> {
  const [result] = await rows<{ removed: number }>(
    tx,
    sql`with removed as (delete from members m where ${ofGroup(context)} and ${which} returning 1)
      select count(*)::int as removed from removed`,
  );
  return (result?.removed ?? 0) > 0;
}

function ofGroup({ tenantId, groupId }: MembershipContext): SQL {
  return sql`m.tenant_id = ${tenantId}::uuid and m.group_id = ${groupId}::uuid`;
}

function selectedBy(filter: CheckedFilter, context: MembershipContext): SQL {
  const { tenantId, location: locations, typeName: typeNames, memberTypes } = context;
  const references = { tenantId, locations, typeNames, memberTypes };
  return rowCondition(normalForm(filter), memberColumns(references, sql.raw('m')));
}

function notAmong(members: readonly MemberReference[]): SQL {
  return sql`not exists (select 1 from unnest(${idArray(members)}) as a (id) where a.id = m.member_id)`;
}

/** What can be ids, as one parameter. */
function idArray(members: readonly MemberReference[]): SQL {
  return sql`${sql.param(members.map((member) => member.value).filter(isId))}::uuid[]`;
}

/** The error for a reference that names no resource. */
export function unknownMember(id: string, { memberTypes, typeName }: MembershipRules): ScimError {
  return invalidValue(
    `No ${memberTypes.map(typeName).join(' or ')} has the id "${id.slice(0, 100)}"; name one that there is, or create it first.`,
  );
}
