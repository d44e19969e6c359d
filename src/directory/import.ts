import { stat } from 'node:fs/promises';
import { perType } from '../schema/per-type.ts';
import { inTransaction, type Storage } from '../storage/database.ts';
import {
  beginImport,
  claimPart,
  endImport,
  holdImport,
  importsBefore,
  outcomesOf,
  partsDone,
  recordPart,
} from '../storage/imports.ts';
import { gatherStatistics, gatherStatisticsMeanwhile, tidyUp } from '../storage/statistics.ts';
import type { Context, Scope } from './context.ts';
import { type LinesPart, partsOf } from './import-lines.ts';
import { type Carried, match, type Pass, writeGroups, writeMembers, writeResources } from './import-passes.ts';
import type { LineProblem } from './import-problems.ts';
import { referringAttributes } from './import-references.ts';
import { begunOtherwise, changedMeanwhile, endedElsewhere } from './import-refusals.ts';
import type { OnConflict, Run } from './import-run.ts';
import { type Scan, scanFile } from './import-scan.ts';

/** How many parts are under way at once: while PostgreSQL writes one, the next is read. The embedded engine does one. */
const PARTS_AT_ONCE = { postgres: 3, embedded: 1 } as const;
/** After how many parts statistics are gathered for the first time, and then whenever there are so many times as many. */
const FIRST_STATISTICS_AFTER = 4;
const STATISTICS_GROWTH = 4;
/** When an import that was interrupted is no longer waited for. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/** What is going on. */
export type Stage = 'reading' | 'matching' | 'resources' | 'groups' | 'members';

/** Who follows an import; it waits for them. */
export interface ImportWatcher {
  /** `total` is undefined while it is not known; of the stage `reading` both are bytes, else lines. */
  progressed(stage: Stage, done: number, total: number | undefined): void | Promise<void>;
  /** Each problem once, and after an interruption those from before it again. */
  hadProblem(problem: LineProblem): void | Promise<void>;
}

/** What became of a file. */
export interface ImportSummary {
  readonly lines: number;
  readonly created: number;
  readonly replaced: number;
  readonly skipped: number;
  readonly problems: number;
  /** Whether it went on where an earlier run was interrupted. */
  readonly resumed: boolean;
}

interface Numbered {
  readonly number: number;
  readonly stage: Stage;
  readonly pass: Pass;
}

const MATCH: Numbered = { number: 0, stage: 'matching', pass: match };
const RESOURCES: Numbered = { number: 1, stage: 'resources', pass: writeResources };
const GROUPS: Numbered = { number: 2, stage: 'groups', pass: writeGroups };
const MEMBERS: Numbered = { number: 3, stage: 'members', pass: writeMembers };

/**
 * Imports a file of JSON Lines, a resource each: first what has no members, then groups, then members that are groups
 * of later lines. Each part of it is one transaction, in which it is also noted as done: an interrupted import of the same
 * file goes on behind the last of them.
 */
export async function importFile(
  storage: Storage,
  context: Context,
  scope: Scope,
  file: string,
  onConflict: OnConflict,
  watcher: ImportWatcher,
): Promise<ImportSummary> {
  const began = await stateOf(file);
  const scan = await scanFile(scope.dialect.registry, file, (bytes) => watcher.progressed('reading', bytes, undefined));
  try {
    const isAsItWas = async () => (await stateOf(file)) === began;
    return await importScanned(storage, context, scope, file, scan, onConflict, watcher, isAsItWas);
  } finally {
    await scan.close();
  }
}

async function importScanned(
  storage: Storage,
  context: Context,
  scope: Scope,
  file: string,
  scan: Scan,
  onConflict: OnConflict,
  watcher: ImportWatcher,
  isAsItWas: () => Promise<boolean>,
): Promise<ImportSummary> {
  const { db } = context;
  const { tenantId } = scope;
  for (const old of await importsBefore(db, tenantId, new Date(context.clock().getTime() - FORGOTTEN_AFTER_MS))) {
    await endImport(db, old);
  }
  const fresh = { tenantId, id: context.newId(), startedAt: context.clock(), onConflict };
  const begun = await beginImport(db, fresh, scan.digest);
  if (!begun) throw endedElsewhere();
  if (begun.onConflict !== null && begun.onConflict !== onConflict) throw begunOtherwise(begun.onConflict, onConflict);
  const referring = perType((type) => referringAttributes(scope.dialect.registry, type));
  const run: Run = { context, scope, import: begun, scan, onConflict, referring };
  const resumed = begun.id !== fresh.id;
  if (resumed) for await (const problem of problemsOf(run)) await watcher.hadProblem(problem);
  const go = (pass: Numbered, total: () => number, takes: (line: number) => boolean) =>
    carryOut(storage, run, file, pass, total, takes, watcher);
  if (onConflict !== 'refuse') {
    await go(
      MATCH,
      () => scan.lines,
      () => true,
    );
  }
  await go(
    RESOURCES,
    () => scan.lines - scan.groups.size,
    (line) => !scan.groups.has(line),
  );
  await scan.toEnd();
  await go(
    GROUPS,
    () => scan.groups.size - scan.further.size,
    (line) => scan.groups.has(line) && !scan.further.has(line),
  );
  const left = new Set([...scan.further, ...(await unfinishedIn(run))]);
  await go(
    MEMBERS,
    () => left.size,
    (line) => left.has(line),
  );
  const summary = { ...(await summaryOf(run)), lines: scan.lines, resumed };
  // Before it is ended: interrupted here, the next run has nothing left to do but to tell what became of the lines.
  await (storage.kind === 'embedded' ? tidyUp(db) : gatherStatistics(db));
  // Only who ends it has seen all of what became of it.
  if (!(await endImport(db, begun))) throw endedElsewhere();
  // It was ended all the same: what is noted of it is of other lines than a file of that content has.
  if (!(await isAsItWas())) throw changedMeanwhile();
  return summary;
}

/** What is another when the file was written to, or another file has taken its place. */
async function stateOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  return [dev, ino, size, mtimeNs].join(' ');
}

/** Goes through the file once, behind the scan, and carries out the lines that the pass takes. */
async function carryOut(
  storage: Storage,
  run: Run,
  file: string,
  pass: Numbered,
  total: () => number,
  takes: (line: number) => boolean,
  watcher: ImportWatcher,
): Promise<void> {
  if (total() === 0) return;
  const { db } = run.context;
  const done = await partsDone(db, run.import, pass.number);
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let [lines, written, statisticsAfter] = [0, 0, FIRST_STATISTICS_AFTER];
  let gathering: Promise<void> = Promise.resolve();
  const carry = async (part: LinesPart) => {
    const problems = done.has(part.batch) ? [] : await carryOutPart(run, pass, part);
    for (const problem of problems) await watcher.hadProblem(problem);
    lines += part.lines.length;
    await watcher.progressed(pass.stage, lines, total());
  };
  for await (const { batch, lines: all } of partsOf(file)) {
    await run.scan.through(batch);
    const part = { batch, lines: all.filter(({ number }) => takes(number)) };
    if (part.lines.length === 0) continue;
    const carrying: Promise<void> = carry(part)
      .catch((error: unknown) => failures.push(error))
      .then(() => void underWay.delete(carrying));
    underWay.add(carrying);
    if (underWay.size >= PARTS_AT_ONCE[storage.kind]) await Promise.race(underWay);
    if (failures.length > 0) break;
    if (++written >= statisticsAfter && storage.kind === 'postgres') {
      statisticsAfter *= STATISTICS_GROWTH;
      // Beside the parts: nothing has to wait for them, but they for each other.
      gathering = gathering
        .then(() => gatherStatisticsMeanwhile(db))
        .catch((error: unknown) => void failures.push(error));
    }
  }
  await Promise.all([...underWay, gathering]);
  if (failures.length > 0) throw failures[0];
}

/** Carries out a part in one transaction and gives its problems. */
async function carryOutPart(run: Run, { number, pass }: Numbered, { batch, lines }: LinesPart): Promise<LineProblem[]> {
  const part = { pass: number, batch };
  const begun = nothingYet();
  const work = await pass(run, lines, begun);
  return inTransaction(run.context.db, async (tx) => {
    // It may run more than once, and another process may be at the same file.
    const carried = { ...begun, problems: [...begun.problems], unfinished: [...begun.unfinished] };
    if (!(await holdImport(tx, run.import))) throw endedElsewhere();
    if (!(await claimPart(tx, run.import, part))) return [];
    await work(tx, carried);
    const problems = carried.problems.toSorted((a, b) => a.line - b.line);
    const { created, replaced, skipped, unfinished } = carried;
    await recordPart(tx, run.import, part, {
      created,
      replaced,
      skipped,
      problems: JSON.stringify(problems),
      unfinished: JSON.stringify(unfinished),
    });
    return problems;
  });
}

function nothingYet(): Carried {
  return { created: 0, replaced: 0, skipped: 0, problems: [], unfinished: [] };
}

async function* problemsOf(run: Run): AsyncGenerator<LineProblem> {
  for await (const { problems } of outcomesOf(run.context.db, run.import)) yield* JSON.parse(problems) as LineProblem[];
}

async function unfinishedIn(run: Run): Promise<number[]> {
  const lines: number[] = [];
  for await (const { pass, unfinished } of outcomesOf(run.context.db, run.import)) {
    if (pass === GROUPS.number) lines.push(...(JSON.parse(unfinished) as number[]));
  }
  return lines;
}

async function summaryOf(run: Run): Promise<Omit<ImportSummary, 'lines' | 'resumed'>> {
  const sum = { created: 0, replaced: 0, skipped: 0, problems: 0 };
  for await (const { created, replaced, skipped, problems } of outcomesOf(run.context.db, run.import)) {
    sum.created += created;
    sum.replaced += replaced;
    sum.skipped += skipped;
    sum.problems += (JSON.parse(problems) as LineProblem[]).length;
  }
  return sum;
}
