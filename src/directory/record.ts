import { changedAttributes, eventKinds } from '../events/change-events.ts';
import type { ChangeKind, TaskEventKind } from '../events/kinds.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { EventRow } from '../storage/events.ts';
import type { Task } from '../storage/tasks.ts';
import type { Acting, Context, Scope } from './context.ts';

/** A change that was written, as its events tell of it. */
export interface Recorded {
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  readonly kind: ChangeKind;
  readonly version: number;
  readonly at: Date;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  /** What changed of it that is not in the document. */
  readonly beyondDocument?: readonly string[];
}

/** The events of a change. */
export function eventsOf(context: Context, scope: Scope, recorded: Recorded): EventRow[] {
  const { type, id, kind, version, at, before, after, beyondDocument = [] } = recorded;
  const attributes = [...changedAttributes(type, before, after), ...beyondDocument];
  return eventKinds(kind, before, after).map((event) => ({
    tenantId: scope.tenantId,
    id: context.newId(),
    kind: event,
    typeNumber: type.number,
    resourceId: id,
    version,
    attributes,
    actor: scope.actor,
    requestId: scope.requestId,
    at,
  }));
}

/** The event of a step of a task: about the user, whose change the version names. */
export function taskEvent(
  context: Context,
  scope: Acting & Pick<Scope, 'tenantId'>,
  { resourceId, version, attributes }: Pick<Task, 'resourceId' | 'version' | 'attributes'>,
  kind: TaskEventKind,
  at: Date,
): EventRow {
  const { tenantId, actor, requestId } = scope;
  const about = { typeNumber: USER_TYPE.number, resourceId, version, attributes };
  return { tenantId, id: context.newId(), kind, ...about, actor, requestId, at };
}
