import { and, asc, eq, gt, inArray, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf, parseJson } from '../schema/json-text.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { listed } from './listed.ts';
import { tasks } from './tables.ts';

/** What a task asks of a person. */
export const TASK_KINDS = ['provision', 'update', 'deprovision'] as const;
/** The name of a kind of task. */
export type TaskKind = (typeof TASK_KINDS)[number];

/** What can have become of a task. */
export const TASK_STATUSES = ['open', 'claimed', 'done', 'refused'] as const;
/** The name of a status. */
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A user as it was before a change. */
export interface FormerUser {
  readonly document: JsonObject;
  /** When it was created. */
  readonly created: string;
  /** Of a deleted user the groups that had it as a member themselves. */
  readonly groups: readonly string[];
}

/** A change of a user that a person has to do. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly status: TaskStatus;
  readonly resourceId: string;
  /** Changes of one user are in the order of their versions. */
  readonly version: number;
  readonly attributes: readonly string[];
  readonly before: FormerUser | undefined;
  readonly after: JsonObject | undefined;
  readonly claimedBy: string | undefined;
  readonly note: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which tasks are asked for. */
export interface TaskQuery {
  readonly statuses: readonly TaskStatus[];
  readonly kind?: TaskKind;
  readonly resourceId?: string;
  /** Only tasks after the one with that id. */
  readonly after?: string;
  readonly limit: number;
}

/** What changes of a task when it goes on. */
export type TaskStep = Pick<Task, 'status' | 'claimedBy' | 'note'>;

// No attribute path holds it, see `events.ts`.
const SEPARATOR = '\n';

/** Stores new tasks, in the transaction of the changes that they are about. */
export async function insertTasks(tx: Database, tenantId: string, made: readonly Task[]): Promise<void> {
  if (made.length === 0) return;
  const source = listed([
    ['uuid', made.map(({ id }) => id)],
    ['text', made.map(({ kind }) => kind)],
    ['text', made.map(({ status }) => status)],
    ['uuid', made.map(({ resourceId }) => resourceId)],
    ['int', made.map(({ version }) => version)],
    ['text', made.map(({ attributes }) => attributes.join(SEPARATOR))],
    ['text', made.map(({ before }) => (before ? jsonTextOf({ ...before, groups: [...before.groups] }) : null))],
    ['text', made.map(({ after }) => (after ? jsonTextOf(after) : null))],
    ['text', made.map(({ createdAt }) => createdAt.toISOString())],
  ]);
  await tx.execute(sql`insert into tasks (tenant_id, id, kind, status, resource_id, version, attributes, before, after,
      created_at, updated_at)
    select ${tenantId}::uuid, t.id, t.kind, t.status, t.resource_id, t.version,
      string_to_array(t.attributes, ${SEPARATOR}::text), t.before, t.after, t.at::timestamptz, t.at::timestamptz
    from ${source} as t (id, kind, status, resource_id, version, attributes, before, after, at)`);
}

/** The task with that id. */
export async function findTask(db: Database, tenantId: string, id: string): Promise<Task | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await db.select().from(tasks).where(the(tenantId, id));
  return row && taskOf(row);
}

/** The same, locked until the transaction ends. */
export async function lockTask(tx: Database, tenantId: string, id: string): Promise<Task | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await tx.select().from(tasks).where(the(tenantId, id)).for('no key update');
  return row && taskOf(row);
}

/** Tasks, the oldest first. */
export async function listTasks(db: Database, tenantId: string, query: TaskQuery): Promise<Task[]> {
  const { statuses, kind, resourceId, after, limit } = query;
  const found = await db
    .select()
    .from(tasks)
    .where(
      and(
        eq(tasks.tenantId, tenantId),
        inArray(tasks.status, [...statuses]),
        kind && eq(tasks.kind, kind),
        resourceId === undefined ? undefined : eq(tasks.resourceId, resourceId),
        after === undefined ? undefined : gt(tasks.id, after),
      ),
    )
    .orderBy(asc(tasks.id))
    .limit(limit);
  return found.map(taskOf);
}

/** The task of the user before that one which is still to be done, the first of them. */
export function unfinishedBefore(db: Database, tenantId: string, task: Task): Promise<string | undefined> {
  return firstOf(db, tenantId, task, lt(tasks.version, task.version), inArray(tasks.status, ['open', 'claimed']));
}

/** A task of the user after that one whose change has not been taken back. */
export function standingAfter(db: Database, tenantId: string, task: Task): Promise<string | undefined> {
  const later = gt(tasks.version, task.version);
  return firstOf(db, tenantId, task, later, ne(tasks.status, 'refused'));
}

async function firstOf(db: Database, tenantId: string, { resourceId }: Task, ...conditions: (SQL | undefined)[]) {
  const [found] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.tenantId, tenantId), eq(tasks.resourceId, resourceId), ...conditions))
    .orderBy(asc(tasks.version))
    .limit(1);
  return found?.id;
}

/** Writes down how a locked task goes on. */
export async function setTask(tx: Database, tenantId: string, id: string, step: TaskStep, at: Date): Promise<void> {
  const { status, claimedBy = null, note = null } = step;
  await tx.update(tasks).set({ status, claimedBy, note, updatedAt: at }).where(the(tenantId, id));
}

/** How many users have a deprovisioning that is not done yet, and since when the first of them. */
export async function pendingDeprovisioning(
  db: Database,
  tenantId: string,
): Promise<{ readonly count: number; readonly oldest: Date | undefined }> {
  const [found] = await rows<{ count: number; oldest: number | null }>(
    db,
    sql`select count(distinct resource_id)::int as count,
        (extract(epoch from min(created_at)) * 1000)::float8 as oldest
      from tasks where tenant_id = ${tenantId}::uuid and status in ('open', 'claimed') and kind = 'deprovision'`,
  );
  const { count = 0, oldest = null } = found ?? {};
  return { count, oldest: oldest === null ? undefined : new Date(oldest) };
}

function the(tenantId: string, id: string): SQL | undefined {
  return and(eq(tasks.tenantId, tenantId), eq(tasks.id, id));
}

function taskOf(row: typeof tasks.$inferSelect): Task {
  const { tenantId: _, kind, status, before, after, claimedBy, note, ...shared } = row;
  const [knownKind] = TASK_KINDS.filter((one) => one === kind);
  const [knownStatus] = TASK_STATUSES.filter((one) => one === status);
  if (!knownKind || !knownStatus) throw new Error(`Task ${row.id} is ${kind}, ${status}, which this version lacks.`);
  return {
    ...shared,
    kind: knownKind,
    status: knownStatus,
    before: before === null ? undefined : (parseJson(before) as unknown as FormerUser),
    after: after === null ? undefined : (parseJson(after) as JsonObject),
    claimedBy: claimedBy ?? undefined,
    note: note ?? undefined,
  };
}
