import { ScimError } from '../protocol/errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { typeNamed } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { inTransaction } from '../storage/database.ts';
import { lockResource, lockResources } from '../storage/resources.ts';
import { type FormerUser, standingAfter, type Task } from '../storage/tasks.ts';
import type { Tenant } from '../storage/tenants.ts';
import { writeChange } from './change.ts';
import type { Change } from './changes.ts';
import { type Context, type Scope, withProfile } from './context.ts';
import { formerDocument } from './former-document.ts';
import { type Operator, operatorScope } from './operator.ts';
import { initialHash } from './password.ts';
import { presentRoles } from './present-roles.ts';
import { personOf, reasonOf } from './task-input.ts';
import { lockedTask, moved, refuseOther, taskWithId } from './tasks.ts';
import { writeAll } from './write-all.ts';

/** A refused task, and what came back with it. */
export interface RefusedTask {
  readonly task: Task;
  /** Of a user who was deleted: the groups that have the user again, and how many there were. */
  readonly groups: { readonly restored: number; readonly former: number } | undefined;
}

/**
 * Says that the change is not going to be done: SCIM clients see the user as it was before. Changes of one user are taken
 * back from the last one on, so 409 when a later one stands; also when another user has got the name meanwhile.
 */
export async function refuseTask(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  id: string,
  { who, reason }: { readonly who: string; readonly reason: string },
): Promise<RefusedTask> {
  const step = { status: 'refused', claimedBy: personOf(who), note: reasonOf(reason) } as const;
  const { resourceId } = await taskWithId(context, tenant, id);
  return inTransaction(context.db, async (tx) => {
    // The user before the task, in the order of the write path, which keeps later changes out until this one is back.
    await lockResource(tx, tenant.id, USER_TYPE.number, resourceId);
    const task = await lockedTask(tx, tenant, id);
    refuseOther(task, step.claimedBy);
    const later = await standingAfter(tx, tenant.id, task);
    if (later !== undefined) {
      throw new ScimError(409, `The task "${later}" is a later change of the same user; refuse that one first.`);
    }
    const within = { ...context, db: tx };
    const scope = await operatorScope(tx, operator, tenant);
    const roles = await presentRoles(tx, operator, tenant, scope);
    const groups = await takeBack(within, scope, task, (type, document) =>
      formerDocument(scope, type, roles ? roles.restated(document) : document),
    );
    return { task: await moved(tx, context, operator, tenant, task, 'task-refused', step), groups };
  });
}

/** What was once stored, as what the tenant knows today. */
type Known = (type: ResourceTypeDefinition, document: JsonObject) => JsonObject;

/** Undoes the change of the task, directly: nobody has to do anything for it. */
async function takeBack(
  context: Context,
  operatorsScope: Scope,
  task: Task,
  known: Known,
): Promise<RefusedTask['groups']> {
  const scope = withProfile(operatorsScope, { provisioning: 'direct' });
  const type = typeNamed(scope.dialect.registry, USER_TYPE.name) ?? USER_TYPE;
  const address = task.resourceId;
  const { before } = task;
  if (!before) {
    await writeChange(context, scope, { kind: 'delete', type, address, conditions: {} });
    return undefined;
  }
  if (!task.after) return bringBack(context, scope, task, before, known);
  const outcome = { document: known(type, before.document), memberships: [], password: undefined };
  const change: Change = { kind: 'patch', type, address, conditions: {}, mutate: () => outcome, isFormer: true };
  await writeChange(context, scope, change);
  return undefined;
}

/** Creates a deleted user again, under the same id, and puts it into the groups that are still there. */
async function bringBack(
  context: Context,
  scope: Scope,
  task: Task,
  { document, created, groups }: FormerUser,
  known: Known,
): Promise<RefusedTask['groups']> {
  const { registry } = scope.dialect;
  const type = typeNamed(registry, USER_TYPE.name) ?? USER_TYPE;
  await writeChange(context, scope, {
    kind: 'create',
    type,
    id: task.resourceId,
    document: known(type, document),
    memberships: [],
    // The password went with the user, and nobody keeps it anywhere else: there is one that nobody knows.
    passwordHash: await initialHash(context, type, undefined),
    former: { created: new Date(created), version: task.version + 1 },
  });
  const groupType = typeNamed(registry, GROUP_TYPE.name) ?? GROUP_TYPE;
  const there = await lockResources(context.db, scope.tenantId, groups);
  const joins = [...there.keys()].map((address): Change => {
    return { kind: 'join', type: groupType, address, member: task.resourceId, conditions: {} };
  });
  return { restored: await writeAll(context, scope, joins), former: groups.length };
}
