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

/** What an event tells, beside whose it is and who did it. */
type Told = Omit<EventRow, 'tenantId' | 'id' | 'actor' | 'requestId'>;

/** A new event, which is yet to be stored. */
export function newEvent(
  context: Context,
  { tenantId, actor, requestId }: Acting & Pick<Scope, 'tenantId'>,
  { kind, typeNumber, resourceId, version, attributes, at, detail }: Told,
): EventRow {
  const id = context.newId();
  context.unsealed.note(tenantId, at);
  return { tenantId, id, kind, typeNumber, resourceId, version, attributes, actor, at, requestId, detail };
}

/** The events of a change. */
export function eventsOf(context: Context, scope: Scope, recorded: Recorded): EventRow[] {
  const { type, id, kind, version, at, before, after, beyondDocument = [] } = recorded;
  const attributes = [...changedAttributes(type, before, after), ...beyondDocument];
  const about = { typeNumber: type.number, resourceId: id, version, attributes, at };
  return eventKinds(kind, before, after).map((event) => newEvent(context, scope, { kind: event, ...about }));
}

/** The event of a step of a task: about the user, whose change the version names. */
export function taskEvent(
  context: Context,
  scope: Acting & Pick<Scope, 'tenantId'>,
  { resourceId, version, attributes }: Pick<Task, 'resourceId' | 'version' | 'attributes'>,
  kind: TaskEventKind,
  at: Date,
): EventRow {
  return newEvent(context, scope, { kind, typeNumber: USER_TYPE.number, resourceId, version, attributes, at });
}
