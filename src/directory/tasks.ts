import type { TaskEventKind } from '../events/kinds.ts';
import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { insertEvents } from '../storage/events.ts';
import * as stored from '../storage/tasks.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { actingOf, type Operator } from './operator.ts';
import { taskEvent } from './record.ts';
import { noteOf, personOf } from './task-input.ts';

type Task = stored.Task;

/** The task with that id; throws 404. */
export async function taskWithId(context: Context, tenant: Tenant, id: string): Promise<Task> {
  return present(await stored.findTask(context.db, tenant.id, id), id);
}

/** The same, locked until the transaction ends. */
export async function lockedTask(tx: Database, tenant: Tenant, id: string): Promise<Task> {
  return present(await stored.lockTask(tx, tenant.id, id), id);
}

function present(task: Task | undefined, id: string): Task {
  if (!task) throw notFound(`There is no task "${abridged(id)}".`);
  return task;
}

/** Takes a task on; who has it already keeps it, and anybody else is refused with 409. */
export function claimTask(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  id: string,
  who: string,
): Promise<Task> {
  const person = personOf(who);
  return inTransaction(context.db, async (tx) => {
    const task = await lockedTask(tx, tenant, id);
    refuseOther(task, person);
    if (task.status === 'claimed') return task;
    return moved(tx, context, operator, tenant, task, 'task-claimed', { status: 'claimed', claimedBy: person });
  });
}

/** Gives a claimed task back, for somebody else to take on. */
export function releaseTask(context: Context, operator: Operator, tenant: Tenant, id: string): Promise<Task> {
  return inTransaction(context.db, async (tx) => {
    const task = await lockedTask(tx, tenant, id);
    refuseFinished(task);
    if (task.status === 'open') return task;
    return moved(tx, context, operator, tenant, task, 'task-released', { status: 'open' });
  });
}

/** Says that the person did it; what was changed earlier of the same user has to be done before. */
export function completeTask(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  id: string,
  { who, note }: { readonly who: string; readonly note?: string },
): Promise<Task> {
  const step = {
    status: 'done',
    claimedBy: personOf(who),
    note: note === undefined ? undefined : noteOf(note),
  } as const;
  return inTransaction(context.db, async (tx) => {
    const task = await lockedTask(tx, tenant, id);
    refuseOther(task, step.claimedBy);
    const earlier = await stored.unfinishedBefore(tx, tenant.id, task);
    if (earlier !== undefined) {
      throw new ScimError(409, `The task "${earlier}" is an earlier change of the same user; finish that one first.`);
    }
    return moved(tx, context, operator, tenant, task, 'task-done', step);
  });
}

/** Throws 409 when the task is done or refused, or is somebody else's. */
export function refuseOther(task: Task, person: string): void {
  refuseFinished(task);
  if (task.claimedBy === undefined || task.claimedBy === person) return;
  throw new ScimError(
    409,
    `The task is claimed by "${task.claimedBy}"; it has to be released before another takes it.`,
  );
}

function refuseFinished({ status }: Task): void {
  if (status !== 'done' && status !== 'refused') return;
  throw new ScimError(409, `The task is ${status} already, and stays so.`);
}

/** Writes down how a locked task goes on, and the event that tells of it. */
export async function moved(
  tx: Database,
  context: Context,
  operator: Operator,
  tenant: Tenant,
  task: Task,
  kind: TaskEventKind,
  step: Pick<Task, 'status'> & Partial<stored.TaskStep>,
): Promise<Task> {
  const at = context.clock();
  const next = { ...task, claimedBy: undefined, note: undefined, ...step, updatedAt: at };
  await stored.setTask(tx, tenant.id, task.id, next, at);
  await insertEvents(tx, [taskEvent(context, { tenantId: tenant.id, ...actingOf(operator) }, task, kind, at)]);
  return next;
}
