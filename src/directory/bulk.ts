import type { Operation } from '../protocol/bulk/operation.ts';
import type { Unit } from '../protocol/bulk/plan.ts';
import { BULK_ID_PREFIX, withAddress } from '../protocol/bulk/references.ts';
import { bulkResponse } from '../protocol/bulk/response.ts';
import { ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { isUnavailable } from '../storage/errors.ts';
import { changeOf, type Job, jobOf, type Planned } from './bulk-job.ts';
import { writeChanges } from './change.ts';
import type { Change } from './changes.ts';
import type { Context, Scope } from './context.ts';
import type { Written } from './ledger.ts';

/**
 * Most changes in one transaction: enough that round trips don't count, and few enough that other requests, which wait for
 * its locks (and with the embedded database for all of it), don't wait long.
 */
export const MAX_CHANGES_IN_TRANSACTION = 250;

/** What may be told of a failure that is not a refusal, once it has been logged. */
export type FailureOf = (error: unknown) => ScimError;

/** A bulk request under way. */
interface Run {
  readonly context: Context;
  readonly scope: Scope;
  readonly job: Job;
  readonly failureOf: FailureOf;
  /** What became of the operations, by position. */
  readonly written: Map<number, Written>;
  /** Changes that were made ready, by position. */
  readonly changes: Map<number, Change>;
  /** How many changes the next transaction tries. */
  size: number;
  errors: number;
  /** Why nothing more can be carried out. */
  outage: ScimError | undefined;
}

/** A change that goes into the next transaction. */
interface Ready {
  readonly position: number;
  readonly change: Change;
}

/**
 * /Bulk (RFC 7644 §3.7): the operations with the result that they have one after the other; what an operation refers to
 * comes before it. One that fails keeps none of the others from being carried out, unless `failOnErrors` says so.
 */
export async function executeBulk(
  context: Context,
  scope: Scope,
  body: unknown,
  failureOf: FailureOf,
): Promise<JsonObject> {
  const job = jobOf(context, scope, body);
  const size = MAX_CHANGES_IN_TRANSACTION;
  const run: Run = {
    context,
    scope,
    job,
    failureOf,
    written: new Map(),
    changes: new Map(),
    size,
    errors: 0,
    outage: undefined,
  };
  let units = job.units;
  for (let [first] = units; first && run.errors < job.maxErrors; [first] = units) {
    if (first.length > 1) await carryOutTogether(run, first);
    else await carryOut(run, await nextChanges(run, units));
    if (run.outage) giveUp(run, run.outage, units.flat());
    units = units.filter(([position = 0]) => !run.written.has(position));
  }
  return bulkResponse(
    job.planned.map((one, position) => ({
      sent: one.sent,
      operation: addressed(run, one),
      written: run.written.get(position),
    })),
    scope.baseUrl,
    scope.dialect.profile.invalidInputStatus,
  );
}

/** The next changes to try in one transaction; operations that fail already here are noted on the way. */
async function nextChanges(run: Run, units: readonly Unit[]): Promise<Ready[]> {
  const ready: Ready[] = [];
  const limited = Number.isFinite(run.job.maxErrors);
  const positions = new Set<number>();
  for (const [position = 0, ...others] of units) {
    const refersToReady = run.job.planned[position]?.refersTo.some((to) => positions.has(to));
    if (others.length > 0 || refersToReady || ready.length >= run.size) break;
    const change = await changeAt(run, position);
    if (!(change instanceof ScimError)) {
      ready.push({ position, change });
      positions.add(position);
      continue;
    }
    // Errors are counted in order: one of those before it may be the last.
    if (limited && ready.length > 0) break;
    note(run, position, change);
    if (limited) break;
  }
  return ready;
}

async function carryOut(run: Run, ready: readonly Ready[]): Promise<void> {
  const [first] = ready;
  if (!first) return;
  try {
    const written = await writeChanges(
      run.context,
      run.scope,
      ready.map(({ change }) => change),
      { maxRefusals: run.job.maxErrors - run.errors },
    );
    for (const [index, one] of written.entries()) note(run, ready[index]?.position ?? 0, one);
    // Where changes depend on each other, a long list would be tried again and again for a few of them.
    run.size = written.length < ready.length ? written.length * 2 : run.size * 2;
  } catch (error) {
    note(run, first.position, failureIn(run, error));
    run.size = 1;
  }
  run.size = Math.min(run.size, MAX_CHANGES_IN_TRANSACTION);
}

/** Operations that refer to each other in a circle: all of them, or none (RFC 7644 §3.7.1). */
async function carryOutTogether(run: Run, unit: Unit): Promise<void> {
  const changes: Change[] = [];
  for (const position of unit) {
    const change = await changeAt(run, position);
    if (change instanceof ScimError) note(run, position, change);
    else changes.push(change);
  }
  if (changes.length === unit.length) await writeTogether(run, unit, changes);
  for (const position of unit) {
    const failed = run.job.planned[position]?.refersTo.find((to) => run.written.get(to) instanceof ScimError);
    if (!run.written.has(position)) note(run, position, refersToFailed(run, failed));
  }
}

async function writeTogether(run: Run, unit: Unit, changes: readonly Change[]): Promise<void> {
  try {
    const written = await writeChanges(run.context, run.scope, changes, { together: true });
    const refused = written.some((one) => one instanceof ScimError);
    for (const [index, position] of unit.entries()) {
      const one = written[index];
      if (one && (!refused || one instanceof ScimError)) note(run, position, one);
    }
  } catch (error) {
    const failure = failureIn(run, error);
    for (const position of unit) note(run, position, failure);
  }
}

async function changeAt(run: Run, position: number): Promise<Change | ScimError> {
  const known = run.changes.get(position);
  if (known) return known;
  const one = run.job.planned[position];
  if (!one) throw new Error(`no operation ${position}`);
  const failed = one.refersTo.find((target) => run.written.get(target) instanceof ScimError);
  if (failed !== undefined) return refersToFailed(run, failed);
  try {
    const change = await changeOf(run.context, run.scope, run.job, one);
    run.changes.set(position, change);
    return change;
  } catch (error) {
    return failureIn(run, error);
  }
}

/** The operation as what it was about: at the id of the resource to which its path refers, where that was made. */
function addressed(run: Run, { operation, refersTo }: Planned): Operation | ScimError {
  if (operation instanceof ScimError || refersTo.length === 0) return operation;
  return withAddress(operation, (bulkId) => {
    const creator = refersTo.find((position) => run.job.planned[position]?.sent.bulkId === bulkId);
    const made = creator === undefined ? undefined : run.written.get(creator);
    return made && !(made instanceof ScimError) ? made.id : BULK_ID_PREFIX + bulkId;
  });
}

function failureIn(run: Run, error: unknown): ScimError {
  const failure = run.failureOf(error);
  if (isUnavailable(error)) run.outage = failure;
  return failure;
}

/** Ends the request for what hinders every operation: as a whole when none was carried out, so that it is sent again. */
function giveUp(run: Run, outage: ScimError, positions: readonly number[]): void {
  if ([...run.written.values()].every((one) => one instanceof ScimError)) throw outage;
  for (const position of positions) if (!run.written.has(position)) note(run, position, outage);
}

function refersToFailed(run: Run, failed: number | undefined): ScimError {
  const { bulkId = '' } = failed === undefined ? {} : (run.job.planned[failed]?.sent ?? {});
  return new ScimError(
    409,
    `The operation with the bulkId "${abridged(String(bulkId))}", to which this one refers, failed; put that right first.`,
  );
}

function note(run: Run, position: number, written: Written): void {
  run.written.set(position, written);
  if (written instanceof ScimError) run.errors += 1;
}
