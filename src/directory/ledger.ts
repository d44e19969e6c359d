import { ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { EventRow } from '../storage/events.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Draft } from './draft.ts';

/** The resource after a change (of a removal: before it), or why the change was refused. */
export type Written = ResourceRow | ScimError;

/** What has become of the drafts of one transaction so far, and the events that tell of it. */
export interface Ledger {
  readonly written: Map<Draft, Written>;
  readonly events: Map<Draft, readonly EventRow[]>;
  /** Those of the events that were not stored together with what they tell of. */
  readonly unstored: EventRow[];
}

/** A resource has changed since it was read, and was not written over: the change has to be made anew, of what it is now. */
export class MovedOn extends Error {}

/** Those of the drafts that were not refused. */
export function open<T extends Draft>({ written }: Ledger, drafts: readonly T[]): T[] {
  return drafts.filter((draft) => !(written.get(draft) instanceof ScimError));
}

/** The refusal of a resource whose unique attribute another one has. */
export function taken(type: ResourceTypeDefinition, document: JsonObject): ScimError {
  const name = type.uniqueAttribute ?? 'id';
  const value = abridged(String(document[name]));
  return uniqueness(`Another ${type.name} has the ${name} "${value}"; ${name} is unique in any letter case.`);
}
