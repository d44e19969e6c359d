import { accountStatus, invited } from '../protocol/account-status.ts';
import { ScimError } from '../protocol/errors.ts';
import type { MemberReference } from '../protocol/patch/membership.ts';
import { readResource } from '../protocol/read-resource.ts';
import { fold } from '../schema/fold.ts';
import { type JsonObject, memberNamed } from '../schema/json.ts';
import { ACCOUNT_SCHEMA } from '../schema/urns.ts';
import type { Database } from '../storage/database.ts';
import { presentIds, recordIds } from '../storage/imports.ts';
import { holdersOfUniqueKeys, idsByExternalIds } from '../storage/resources.ts';
import { writeChanges } from './change.ts';
import type { Change, Creation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { creation } from './create.ts';
import type { Line } from './import-lines.ts';
import { type LineProblem, perLine, problemOf, repeated, unresolved } from './import-problems.ts';
import { mentionsIn, redirect } from './import-references.ts';
import type { Run } from './import-run.ts';
import { type Incoming, incoming } from './import-scan.ts';
import { idsKnown, keyOf, ownIdOf, targetOf } from './import-targets.ts';
import { inTurns } from './in-turns.ts';
import type { Written } from './ledger.ts';
import { hashedReplacement } from './replace.ts';

/** How many lines are read before they are made changes. */
const READ_AT_ONCE = 32;

/** What became of the lines of a part. */
export interface Carried {
  created: number;
  replaced: number;
  skipped: number;
  readonly problems: LineProblem[];
  /** Lines with members that are not there yet. */
  readonly unfinished: number[];
}

/** What is carried out in the transaction of a part; it may run more than once. */
export type Work = (tx: Database, carried: Carried) => Promise<void>;

/** What a pass makes of the lines of a part: what needs no transaction at once, the rest as work for one. */
export type Pass = (run: Run, lines: readonly Line[], carried: Carried) => Promise<Work>;

/** A line as a change of the directory. What the line held is no part of it: many of them wait for the database. */
interface Prepared {
  readonly line: number;
  readonly change: Change;
  readonly members: readonly MemberReference[];
}

/** Finds what the tenant has already of the lines, by userName, displayName or else by externalId. */
export const match: Pass = async (run, lines) => {
  const { context, scope, scan } = run;
  const { registry } = scope.dialect;
  // What is wrong with a line is told when it is carried out.
  const read = await perLine(lines, [], (line) => incoming(registry, line));
  const asked = read
    .filter(({ line }) => !scan.further.has(line))
    .flatMap((one) => {
      const { uniqueAttribute } = one.type;
      const value = memberNamed(one.body, uniqueAttribute ?? 'externalId');
      if (typeof value !== 'string') return [];
      return [{ one, unique: uniqueAttribute !== undefined, typeNumber: one.type.number, value }];
    });
  const byKey = asked.filter(({ unique }) => unique);
  const keys = byKey.map(({ typeNumber, value }) => ({ typeNumber, name: fold(value) }));
  const holders = await holdersOfUniqueKeys(context.db, scope.tenantId, keys);
  const byName = asked.filter(({ unique }) => !unique);
  const names = byName.map(({ typeNumber, value }) => ({ typeNumber, name: value }));
  const named = await idsByExternalIds(context.db, scope.tenantId, names);
  const found = new Map<string, string>();
  for (const [index, { one }] of byKey.entries()) {
    const id = holders[index];
    if (id !== undefined) found.set(keyOf(one), id);
  }
  for (const [index, { one }] of byName.entries()) {
    const [id, another] = named[index] ?? [];
    // Which of several is meant can't be told.
    if (id !== undefined && another === undefined) found.set(keyOf(one), id);
  }
  return (tx) => recordIds(tx, run.import, found);
};

/** Writes resources that have no members. */
export const writeResources: Pass = async (run, lines, carried) => {
  const prepared: Prepared[] = [];
  // Where nothing is looked up for all of them, what a line held is let go before many more are read.
  const atOnce = run.onConflict === 'refuse' ? READ_AT_ONCE : lines.length;
  for (let from = 0; from < lines.length; from += atOnce) {
    prepared.push(...(await resourcesIn(run, lines.slice(from, from + atOnce), carried)));
  }
  return (tx, outcome) => write(tx, run, prepared, outcome);
};

async function resourcesIn(run: Run, lines: readonly Line[], carried: Carried): Promise<Prepared[]> {
  const { scope, scan } = run;
  const read = await perLine(lines, carried.problems, (line) => {
    const one = incoming(scope.dialect.registry, line);
    if (scan.repeated.has(line.number)) throw repeated(one.source);
    return one;
  });
  const known = await referTo(run, read, [], carried);
  return prepare(run, read, known, carried);
}

/** Writes groups, with those of their members that are there by then. */
export const writeGroups: Pass = async (run, lines, carried) => {
  const { registry } = run.scope.dialect;
  const read = await perLine(lines, carried.problems, (line) => incoming(registry, line));
  const members = read.flatMap(({ body }) => memberIdsIn(body));
  const known = await referTo(run, read, members, carried);
  const prepared = await prepare(run, read, known, carried);
  return async (tx, outcome) => {
    const wanted = prepared.map(({ members }) => members.map(({ value }) => targetOf(run, known, value)));
    const present = await presentIds(tx, run.scope.tenantId, wanted.flat());
    const incomplete = new Set<number>();
    const complete = prepared.map((one, index) => {
      const members = wanted[index] ?? [];
      const there = members.filter((id) => present.has(id));
      if (there.length < members.length) incomplete.add(one.line);
      return { ...one, change: withMembers(one.change, there) };
    });
    const before = outcome.problems.length;
    await write(tx, run, complete, outcome);
    // Of a group that was refused there is nothing to complete.
    const refused = new Set(outcome.problems.slice(before).map(({ line }) => line));
    outcome.unfinished.push(...[...incomplete].filter((line) => !refused.has(line)));
  };
};

/** Adds the members of groups that were not there when the group was written, and those of further lines. */
export const writeMembers: Pass = async (run, lines, carried) => {
  const { scope } = run;
  const read = await perLine(lines, carried.problems, (line) => {
    const one = incoming(scope.dialect.registry, line);
    const { members = [] } = readResource(one.type, one.body, scope.dialect.quirks);
    return { ...one, members };
  });
  const known = await idsKnown(
    run,
    read,
    read.flatMap(({ members }) => members.map(({ value }) => value)),
  );
  return async (tx, outcome) => {
    const wanted = read.map(({ members }) => members.map(({ value }) => targetOf(run, known, value)));
    const present = await presentIds(tx, scope.tenantId, wanted.flat());
    const prepared = read.flatMap((from, index): Prepared[] => {
      const own = known.get(keyOf(from));
      if (own !== undefined && run.onConflict === 'skip') return [];
      const { type, line, members } = from;
      const nowhere = members.filter((_, at) => !present.has(wanted[index]?.[at] ?? '')).map(({ value }) => value);
      if (nowhere.length > 0)
        outcome.problems.push(unresolved(line, `${type.name} was imported without the members`, nowhere));
      const there = (wanted[index] ?? []).filter((id) => present.has(id)).map((value) => ({ value }));
      if (there.length === 0) return [];
      const mutate = (current: JsonObject) => ({
        document: current,
        memberships: [{ kind: 'add' as const, members: there }],
        password: undefined,
      });
      const address = own ?? ownIdOf(run, from);
      return [{ line, members, change: { kind: 'patch', type, address, conditions: {}, mutate } }];
    });
    const changes = prepared.map(({ change }) => change);
    for (const [index, written] of (await writeInOrder({ ...run.context, db: tx }, scope, changes)).entries()) {
      if (written instanceof ScimError) outcome.problems.push(problemOf(prepared[index]?.line ?? 0, written));
    }
  };
};

/** Has the lines refer to the tenant's resources; gives what it had before of them and of what else they mention. */
async function referTo(run: Run, read: readonly Incoming[], others: readonly string[], carried: Carried) {
  const { context, scope, scan, referring } = run;
  const mentions = read.map(({ type, body }) => mentionsIn(referring(type), body));
  const mentioned = mentions.flat().map(({ id }) => id);
  // A later line may have it.
  if (mentioned.some((id) => !scan.ids.has(id))) await scan.toEnd();
  const known = await idsKnown(run, read, [...mentioned, ...others]);
  const outside = mentioned.filter((id) => !scan.ids.has(id));
  const present = await presentIds(context.db, scope.tenantId, outside);
  for (const [index, { line, type, body }] of read.entries()) {
    const own = mentions[index] ?? [];
    if (own.length === 0) continue;
    const missing = own.filter(({ id, surely }) => surely && !scan.ids.has(id) && !present.has(id));
    const nowhere = [...new Set(missing.map(({ id }) => id))];
    if (nowhere.length > 0)
      carried.problems.push(unresolved(line, `${type.name} was imported, and refers to`, nowhere));
    redirect(referring(type), body, (id) => (scan.ids.has(id) ? targetOf(run, known, id) : id));
  }
  return known;
}

async function prepare(
  run: Run,
  read: readonly Incoming[],
  known: ReadonlyMap<string, string>,
  carried: Carried,
): Promise<Prepared[]> {
  const { context, scope, onConflict } = run;
  const thereOf = (one: Incoming) => (known.size > 0 ? known.get(keyOf(one)) : undefined);
  const wanted = read.filter((one) => !(onConflict === 'skip' && thereOf(one) !== undefined));
  carried.skipped += read.length - wanted.length;
  const made = await inTurns(wanted, async (from): Promise<Prepared[]> => {
    const { type, body, line } = from;
    const there = thereOf(from);
    try {
      const change = there
        ? await hashedReplacement(context, scope, type, there, body)
        : asInvited(await creation(context, scope, type, ownIdOf(run, from), body), body);
      return [{ line, change, members: membersOf(run, from, change) }];
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      carried.problems.push(problemOf(line, error));
      return [];
    }
  });
  return made.flat();
}

async function write(tx: Database, run: Run, prepared: readonly Prepared[], carried: Carried): Promise<void> {
  const changes = prepared.map(({ change }) => change);
  const written = await writeInOrder({ ...run.context, db: tx }, run.scope, changes);
  for (const [index, one] of written.entries()) {
    if (one instanceof ScimError) carried.problems.push(problemOf(prepared[index]?.line ?? 0, one));
    else if (changes[index]?.kind === 'create') carried.created += 1;
    else carried.replaced += 1;
  }
}

async function writeInOrder(context: Context, scope: Scope, changes: readonly Change[]): Promise<Written[]> {
  const written: Written[] = [];
  while (written.length < changes.length) {
    written.push(...(await writeChanges(context, scope, changes.slice(written.length))));
  }
  return written;
}

/** Who was invited where the lines are from still is, though the status is not a client's to say: nobody becomes it later. */
function asInvited(change: Creation, body: JsonObject): Creation {
  const { type, document } = change;
  const said = { active: document.active ?? null, [ACCOUNT_SCHEMA]: memberNamed(body, ACCOUNT_SCHEMA) ?? null };
  return accountStatus(said) === 'invited' ? { ...change, document: invited(type, document) } : change;
}

function memberIdsIn(body: Incoming['body']): string[] {
  const members = memberNamed(body, 'members');
  if (!Array.isArray(members)) return [];
  return members.flatMap((member) => {
    const id = typeof member === 'object' && member !== null && 'value' in member ? member.value : member;
    return typeof id === 'string' ? [id] : [];
  });
}

function membersOf({ scope }: Run, { type, body }: Incoming, change: Change): readonly MemberReference[] {
  if (change.kind === 'create') return change.memberships.flatMap((step) => (step.kind === 'add' ? step.members : []));
  return readResource(type, body, scope.dialect.quirks).members ?? [];
}

function withMembers(change: Change, ids: readonly string[]): Change {
  const members = ids.map((value) => ({ value }));
  if (change.kind === 'create') return { ...change, memberships: members.length > 0 ? [{ kind: 'add', members }] : [] };
  if (change.kind !== 'put') return change;
  const { mutate } = change;
  return { ...change, mutate: (current) => ({ ...mutate(current), memberships: [{ kind: 'replace', members }] }) };
}
