import { readBulkRequest, type SentOperation } from '../protocol/bulk/message.ts';
import { checkOperation, type Operation } from '../protocol/bulk/operation.ts';
import { layered, planOf, type Unit } from '../protocol/bulk/plan.ts';
import { referencesOf, withReferences } from '../protocol/bulk/references.ts';
import { invalidValue, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { membershipId, readMembership } from '../protocol/membership.ts';
import { memberNamed } from '../protocol/message.ts';
import { type WorkMeter, workMeters } from '../protocol/patch/work.ts';
import { locationOf } from '../protocol/render.ts';
import { uniquePathsOf } from '../protocol/unique-values.ts';
import { fold } from '../schema/fold.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import { isObject } from '../schema/json.ts';
import type { Change } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { creation } from './create.ts';
import { membershipCreation, membershipRemoval } from './memberships.ts';
import { requireOffered } from './offered.ts';
import { patching } from './patch.ts';
import { replacement } from './replace.ts';

/** An operation of a bulk request before it is carried out. */
export interface Planned {
  readonly sent: SentOperation;
  /** The operation, or why it can't be one. */
  readonly operation: Operation | ScimError;
  /** The id that a created resource is going to have, so that references to it can be resolved before it is there. */
  readonly id: string;
  /** Positions of the operations that it refers to. */
  readonly refersTo: readonly number[];
}

/** A bulk request as it is going to be carried out. */
export interface Job {
  readonly planned: readonly Planned[];
  /** In the order in which they are carried out. */
  readonly units: readonly Unit[];
  /** How many errors end it. */
  readonly maxErrors: number;
  /** Meters for its PATCHes: a thousand of them must not cost a thousand times what one may. */
  readonly meterFor: (id: string) => WorkMeter;
}

/** Reads a bulk request and plans it; throws what is wrong with the request as a whole. */
export function jobOf(context: Context, scope: Scope, body: unknown): Job {
  const { operations, failOnErrors } = readBulkRequest(body, scope.dialect.quirks);
  const checked = operations.map((sent) => ({
    sent,
    operation: attempt(() => checkOperation(sent, scope.dialect.registry, scope.baseUrl)),
    id: context.newId(),
  }));
  const creators = new Map<string, number>();
  for (const [position, { sent }] of checked.entries()) {
    const isPost = typeof sent.method === 'string' && sent.method.toUpperCase() === 'POST';
    if (isPost && typeof sent.bulkId === 'string') creators.set(sent.bulkId, position);
  }
  const planned = checked.map((one): Planned => referring(one, creators, scope));
  const refersTo = planned.map((one) => one.refersTo);
  const units = planOf(refersTo);
  const meterFor = workMeters();
  // Errors are counted in order, so with a limit the order stays what it is.
  if (failOnErrors !== undefined) return { planned, units, maxErrors: failOnErrors, meterFor };
  const ordered = planned.map(({ operation }) => ({ creates: creates(operation), name: nameOf(operation) }));
  return { planned, units: layered(units, refersTo, ordered), maxErrors: Number.POSITIVE_INFINITY, meterFor };
}

function referring(one: Omit<Planned, 'refersTo'>, creators: ReadonlyMap<string, number>, scope: Scope): Planned {
  const { operation } = one;
  if (operation instanceof ScimError) return { ...one, refersTo: [] };
  const references = [...referencesOf(operation, scope.dialect.quirks)];
  const unknown = references.find((bulkId) => !creators.has(bulkId));
  if (unknown !== undefined) {
    const detail = `No POST of the request has the bulkId "${abridged(unknown)}"; refer to one that there is.`;
    return { ...one, operation: invalidValue(detail), refersTo: [] };
  }
  return { ...one, refersTo: references.flatMap((bulkId) => creators.get(bulkId) ?? []) };
}

/** The change that a planned operation asks for; throws why it can't be. Nothing that it refers to has failed. */
export async function changeOf(context: Context, scope: Scope, job: Job, one: Planned): Promise<Change> {
  if (one.operation instanceof ScimError) throw one.operation;
  const operation = resolved(scope, job, one, one.operation);
  const { type, method } = operation;
  if (!scope.dialect.registry.types.includes(type)) return changeOfView(scope, operation);
  if (method === 'POST') {
    requireOffered(scope, type, 'create');
    return creation(context, scope, type, one.id, operation.data);
  }
  const { address, version } = operation;
  const conditions = version === undefined ? {} : { ifMatch: version };
  switch (method) {
    case 'PUT':
      requireOffered(scope, type, 'replace');
      return replacement(scope, type, address, operation.data, conditions);
    case 'PATCH':
      requireOffered(scope, type, 'patch');
      return patching(scope, type, address, operation.data, conditions, () => job.meterFor(one.id));
    case 'DELETE':
      requireOffered(scope, type, 'delete');
      return { kind: 'delete', type, address, conditions };
  }
}

function resolved(scope: Scope, job: Job, one: Planned, operation: Operation, nested = false): Operation {
  const { planned } = job;
  if (one.refersTo.length === 0) return operation;
  const targets = new Map(
    one.refersTo.flatMap((position) => planned[position] ?? []).map((to) => [to.sent.bulkId, to]),
  );
  return withReferences(operation, scope.dialect.quirks, (bulkId, form) => {
    const target = targets.get(bulkId);
    if (!target || target.operation instanceof ScimError) throw new Error(`bulkId ${bulkId} is not planned`);
    // A membership has no other id than its two ends give it; it is no end of another one, so nothing is nested deeper.
    const isMembership = target.operation.type === GROUP_MEMBERSHIP_TYPE && !nested;
    const id = isMembership ? membershipIdOf(scope, resolved(scope, job, target, target.operation, true)) : target.id;
    return form === 'id' ? id : locationOf(scope.baseUrl, target.operation.type, id);
  });
}

/** The id that the membership has which a POST asks for. */
function membershipIdOf({ dialect }: Scope, operation: Operation): string {
  return operation.method === 'POST' ? membershipId(readMembership(operation.data, dialect.quirks)) : '';
}

/** The change that an operation on a type asks for whose resources are made of other rows. */
function changeOfView(scope: Scope, operation: Operation): Change {
  const { type, method } = operation;
  if (type === GROUP_MEMBERSHIP_TYPE && method === 'POST') return membershipCreation(scope, operation.data);
  if (type === GROUP_MEMBERSHIP_TYPE && method === 'DELETE') {
    const { address, version } = operation;
    return membershipRemoval(scope, address, version === undefined ? {} : { ifMatch: version });
  }
  const can = type === GROUP_MEMBERSHIP_TYPE ? 'is made by POST and ended by DELETE' : 'can only be read';
  throw new ScimError(405, `${method} is not possible at ${type.endpoint}: a ${type.name} ${can}.`);
}

function attempt<T>(check: () => T): T | ScimError {
  try {
    return check();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

// What is refused by itself changes nothing, wherever it stands.
function creates(operation: Operation | ScimError): boolean {
  if (operation instanceof ScimError) return true;
  // Which of several gets a unique value depends on their order.
  return operation.method === 'POST' && uniquePathsOf(operation.type).length === 0;
}

/** What only one resource can be called, as far as the message tells. */
function nameOf(operation: Operation | ScimError): string | undefined {
  if (operation instanceof ScimError || operation.method !== 'POST') return undefined;
  const { type, data } = operation;
  const value = isObject(data) && type.uniqueAttribute ? memberNamed(data, type.uniqueAttribute) : undefined;
  return value === undefined ? undefined : `${type.number} ${fold(String(value))}`;
}
