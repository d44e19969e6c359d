import type { Membership } from '../protocol/membership.ts';
import type { JsonObject } from '../schema/json.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { Database } from '../storage/database.ts';
import { insertTasks, type Task, type TaskKind } from '../storage/tasks.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import type { Ledger } from './ledger.ts';
import { taskEvent } from './record.ts';

type Change = Pick<Task, 'kind' | 'version' | 'before' | 'after'>;

/**
 * Where a person provisions by hand, makes a task of each change of a user that was written; `lost` are the memberships
 * that ended with removals. Groups are not provisioned by hand: their changes make none.
 */
export async function writeTasks(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Draft[],
  lost: readonly Membership[],
): Promise<void> {
  if (scope.dialect.profile.provisioning !== 'manual') return;
  const made: Task[] = [];
  for (const draft of drafts) {
    const [event] = ledger.events.get(draft) ?? [];
    const change = event && draft.change.type.number === USER_TYPE.number ? changeOf(draft, lost) : undefined;
    if (!event || !change) continue;
    const { resourceId, attributes, at } = event;
    const task = { id: context.newId(), resourceId, attributes, ...change, ...opened(at) };
    made.push(task);
    ledger.unstored.push(taskEvent(context, scope, task, 'task-created', at));
  }
  await insertTasks(tx, scope.tenantId, made);
}

function opened(at: Date) {
  return { status: 'open', claimedBy: undefined, note: undefined, createdAt: at, updatedAt: at } as const;
}

function changeOf(draft: Draft, lost: readonly Membership[]): Change | undefined {
  switch (draft.kind) {
    case 'create': {
      const { document, former } = draft.change;
      return { kind: 'provision', version: former?.version ?? 1, before: undefined, after: document };
    }
    case 'alter': {
      const { row, before, after } = draft;
      const former = { document: before, created: row.created, groups: [] };
      return { kind: kindOf(before, after), version: row.version + 1, before: former, after };
    }
    case 'remove': {
      const { row, before } = draft;
      const groups = lost.filter(({ member }) => member === row.id).map(({ group }) => group);
      const former = { document: before, created: row.created, groups };
      return { kind: 'deprovision', version: row.version + 1, before: former, after: undefined };
    }
    default:
      return undefined;
  }
}

/** Who is suspended has to be kept out like one who is removed: many clients never do the latter. */
function kindOf(before: JsonObject, after: JsonObject): TaskKind {
  const was = before.active !== false;
  const is = after.active !== false;
  if (was === is) return 'update';
  return is ? 'provision' : 'deprovision';
}
