import { readDialect } from '../access/dialects.ts';
import { valueAt } from '../protocol/document.ts';
import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { projectionOf } from '../protocol/projection.ts';
import type { JsonObject } from '../schema/json.ts';
import { attributesOf, typeNamed } from '../schema/registry.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import {
  listTasks,
  pendingDeprovisioning,
  TASK_KINDS,
  TASK_STATUSES,
  type Task,
  type TaskKind,
  type TaskStatus,
} from '../storage/tasks.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { idAsked, limitAsked } from './page-asked.ts';

/** Tasks in a page when no limit is asked for. */
export const DEFAULT_TASKS = 100;
/** Most tasks in a page. */
export const MAX_TASKS = 1000;
/** Most pending deprovisionings that the overview of a tenant names. */
export const MAX_PENDING_SHOWN = 10;

const UNFINISHED = ['open', 'claimed'] as const;

/** Which tasks to list, in the words of whoever asks. */
export interface TasksAsked {
  /** Statuses, separated by commas; left out: every status. */
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  /** The id of a user. */
  readonly user?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
}

/** A page of tasks, the oldest first; `next` is null on the last one. */
export async function tasksAsked(context: Context, tenant: Tenant, asked: TasksAsked): Promise<JsonObject> {
  const { user, after } = asked;
  const limit = limitAsked(asked.limit, { standard: DEFAULT_TASKS, most: MAX_TASKS });
  const kind = asked.kind === undefined ? undefined : oneOf('kind', TASK_KINDS, asked.kind);
  const found = await listTasks(context.db, tenant.id, {
    statuses: statusesAsked(asked.status),
    ...(kind && { kind }),
    ...(user !== undefined && { resourceId: idAsked('user', user, 'a list of tasks') }),
    ...(after !== undefined && { after: idAsked('after', after, 'a list of tasks') }),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  return { tasks: page.map(summaryOf), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** The task with what it changes of the user: all of one who is new, or who goes. */
export async function detailsOf(context: Context, tenant: Tenant, task: Task): Promise<JsonObject> {
  const { registry } = await readDialect(context.db, tenant);
  const type = typeNamed(registry, USER_TYPE.name) ?? USER_TYPE;
  // By name, so that also what is returned on request only is told, and nothing that never is (RFC 7643 §2.2).
  const told = projectionOf(type, { attributes: task.attributes.join(',') });
  const [before, after] = [told.apply(task.before?.document ?? {}), told.apply(task.after ?? {})];
  const changes = task.attributes.map((path): JsonObject => {
    const target = attributesOf(type).find((one) => one.path === path);
    if (!target || target.attribute.returned === 'never') return { attribute: path };
    return { attribute: path, before: valueAt(before, target) ?? null, after: valueAt(after, target) ?? null };
  });
  return { ...summaryOf(task), changes };
}

/** The task without its changes. */
function summaryOf(task: Task): JsonObject {
  const { id, kind, status, resourceId, version, attributes, before, after } = task;
  return {
    id,
    kind,
    status,
    change: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    user: { id: resourceId, userName: userNameOf(task) },
    version,
    attributes: [...attributes],
    claimedBy: task.claimedBy ?? null,
    note: task.note ?? null,
    createdAt: task.createdAt.toISOString(),
    updatedAt: task.updatedAt.toISOString(),
  };
}

/** The users whom the application may still let in although they were deprovisioned, as the overview of a tenant says it. */
export async function pendingOf(context: Context, tenant: Tenant): Promise<JsonObject> {
  const { count, oldest } = await pendingDeprovisioning(context.db, tenant.id);
  const first = { statuses: UNFINISHED, kind: 'deprovision', limit: MAX_PENDING_SHOWN } as const;
  const named = count === 0 ? [] : await listTasks(context.db, tenant.id, first);
  const ageOf = (since: Date) => Math.max(0, Math.floor((context.clock().getTime() - since.getTime()) / 1000));
  return {
    count,
    oldest: oldest?.toISOString() ?? null,
    ageSeconds: oldest ? ageOf(oldest) : null,
    tasks: named.map((task) => ({
      id: task.id,
      status: task.status,
      user: { id: task.resourceId, userName: userNameOf(task) },
      createdAt: task.createdAt.toISOString(),
      ageSeconds: ageOf(task.createdAt),
    })),
  };
}

/** The name by which a person finds the user in the application: the one before the change, where there was one. */
function userNameOf({ before, after }: Task): string | null {
  const { userName } = before?.document ?? after ?? {};
  return typeof userName === 'string' ? userName : null;
}

function statusesAsked(text: string | undefined): readonly TaskStatus[] {
  if (text === undefined) return TASK_STATUSES;
  return text.split(',').map((name) => oneOf('status', TASK_STATUSES, name.trim()));
}

function oneOf<T extends TaskStatus | TaskKind>(name: string, known: readonly T[], asked: string): T {
  const found = known.find((one) => one === asked);
  if (found) return found;
  throw invalidParameter(`The ${name} "${abridged(asked)}" is none of a task; use ${known.join(', ')}.`);
}
