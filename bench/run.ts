import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { aimsOf, aimsOfMillion, type Imports, type Sizes, type Starts } from './aims.ts';
import { type AskedFor, askedFor, USAGE } from './asked.ts';
import { cpuOf } from './cpu.ts';
import { fillDirectory } from './directory.ts';
import { measureImport, writePeople } from './import.ts';
import { CONNECTIONS, drive, hangUp } from './load.ts';
import { measureMillion } from './million.ts';
import { fillQuickly } from './million-filling.ts';
import { findPostgres, type Postgres } from './postgres.ts';
import { type Listening, startFloor, startServer } from './processes.ts';
import { type Aim, aimsTable, type Measurement, measurementsTable, quantile, summed, type Window } from './report.ts';
import { readWholeGroup, type WholeGroup } from './whole-group.ts';
import { type Load, type Workload, workloads } from './workloads.ts';

const RESULTS = fileURLToPath(new URL('results/', import.meta.url));

/** How much is measured, and how long. */
interface Plan extends Sizes {
  readonly rounds: number;
  readonly seconds: number;
  /** For each workload before any is measured, so that none is measured in a server that knows nothing else. */
  readonly tryoutSeconds: number;
  /** For each workload before its first window: code that is new to Node is slow, and being compiled costs even more. */
  readonly warmSeconds: number;
  /** Fewest requests in a window. */
  readonly atLeast: number;
  readonly starts: number;
  /** How many users are imported. */
  readonly imported: number;
  /** Users of the directory for `--million`, and how often each search is made in it. */
  readonly million: { readonly users: number; readonly rounds: number };
}

const FULL: Plan = {
  users: [1000, 100_000],
  groups: [10, 1000, 100_000],
  rounds: 5,
  seconds: 3,
  tryoutSeconds: 2,
  warmSeconds: 8,
  atLeast: 500,
  starts: 5,
  imported: 100_000,
  million: { users: 1_000_000, rounds: 15 },
};
const QUICK: Plan = {
  users: [100, 2000],
  groups: [10, 100, 2000],
  rounds: 2,
  seconds: 0.8,
  tryoutSeconds: 0.5,
  warmSeconds: 0.5,
  atLeast: 100,
  starts: 3,
  imported: 2000,
  million: { users: 20_000, rounds: 3 },
};

const asked = askedFor(process.argv.slice(2));
if (asked) await bench(asked);
else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

/** What was measured, and how it compares with the aims. */
interface Outcome {
  readonly aims: readonly Aim[];
  readonly measurements: readonly Measurement[];
  readonly others: object;
}

async function bench(asked: AskedFor): Promise<void> {
  const { quick } = asked;
  const plan = quick ? QUICK : FULL;
  const began = new Date();
  const open: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  // Once: a signal closes while the failure of what was under way wants to close as well, and has to wait for it.
  const closeAll = () => {
    closing ??= closeInTurn(open);
    return closing;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // What was stopped by the same signal can't be told again; the rest must not stay behind.
      void closeAll()
        .catch(() => {})
        .finally(() => process.exit(1));
    });
  }
  try {
    const postgres = await findPostgres();
    open.push(postgres.close);
    const rest = await benchRest(postgres, plan, open, asked);
    const million = asked.part('million')
      ? await benchMillion(postgres, plan, open)
      : { aims: aimsOfMillion([]), measurements: [] };
    const aims = [...rest.aims, ...million.aims].filter(({ measured }) => asked.all || measured !== undefined);
    const measurements = [...rest.measurements, ...million.measurements];

    const environment = {
      began: began.toISOString(),
      plan: { ...plan, quick, connections: CONNECTIONS },
      machine: `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
      load: loadavg().map((value) => value.toFixed(1)),
      versions: { rollcall: commit(), node: process.version, postgres: postgres.version, ...dependencies() },
      postgresCpu: postgres.pid === undefined ? 'not measured: PostgreSQL runs out of sight' : 'measured',
    };
    mkdirSync(RESULTS, { recursive: true });
    const file = path.join(RESULTS, `${began.toISOString().replaceAll(':', '')}${quick ? '-quick' : ''}.json`);
    writeFileSync(file, `${JSON.stringify({ environment, aims, measurements, ...rest.others }, null, 2)}\n`);
    const { machine, load, versions, postgresCpu } = environment;
    const made = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    console.log(`\n${machine}; load ${load.join(' ')}\n${made.join(', ')}\nCPU of PostgreSQL: ${postgresCpu}`);
    console.log(`\n${aimsTable(aims)}\n\n${measurementsTable(measurements)}\n\n${path.relative(process.cwd(), file)}`);
  } finally {
    await closeAll();
  }
}

/** Starts and imports come first: nobody else has anything to do then, nor has PostgreSQL, of what others have written. */
async function benchRest(
  postgres: Postgres,
  plan: Plan,
  open: (() => Promise<void>)[],
  asked: AskedFor,
): Promise<Outcome> {
  const database = await postgres.create('rollcall_bench_start');
  const starts = asked.part('starts') ? await measureStarts(database, plan.starts) : undefined;
  const imports = asked.part('imports') ? await measureImports(database, plan.imported) : undefined;
  const { measurements, group } = await benchRequests(postgres, plan, open, asked);
  return {
    aims: aimsOf(measurements, plan, { starts, group, imports }),
    measurements,
    others: { starts, group, imports },
  };
}

async function benchRequests(
  postgres: Postgres,
  plan: Plan,
  open: (() => Promise<void>)[],
  asked: AskedFor,
): Promise<{ readonly measurements: readonly Measurement[]; readonly group?: WholeGroup }> {
  if (!asked.workloads && !asked.part('whole group')) return { measurements: [] };
  const databases = { floor: '', small: '', large: '' };
  for (const name of ['floor', 'small', 'large'] as const) {
    databases[name] = await postgres.create(`rollcall_bench_${name}`);
  }
  const floor = await startFloor(databases.floor);
  open.push(floor.stop);
  say(`filling a directory of ${plan.users[0]} users`);
  const small = await fillDirectory(databases.small, plan.users[0]);
  open.push(small.server.stop);
  say(`filling a directory of ${plan.users[1]} users`);
  const large = await fillDirectory(databases.large, plan.users[1]);
  open.push(large.server.stop);
  say('making groups, walking to the last page');
  const made = await workloads(floor, [small, large], plan.groups);
  const all = asked.among(made.all);
  if (asked.workloads && all.length === 0) {
    throw new Error(`No workload is called so; there are ${made.all.map(({ name }) => name).join(', ')}.`);
  }
  for (const url of [databases.small, databases.large]) await postgres.settle(url);

  say('trying all');
  for (const { loads } of all) for (const load of loads) await drive(load.target, load.next, plan.tryoutSeconds);
  const measurements: Measurement[] = [];
  for (const workload of all) measurements.push(...(await measure(workload, plan, postgres.pid)));
  if (!asked.part('whole group')) return { measurements };
  say('whole group');
  return { measurements, group: await readWholeGroup(large, large.server, made.whole.path, made.whole.size) };
}

async function benchMillion(
  postgres: Postgres,
  { million: { users, rounds } }: Plan,
  open: (() => Promise<void>)[],
): Promise<Omit<Outcome, 'others'>> {
  const database = await postgres.create('rollcall_bench_million');
  say(`filling a directory of ${users} users`);
  const directory = await fillQuickly(database, users, say);
  open.push(directory.server.stop);
  say('vacuum');
  await postgres.settle(database);
  const measurements = await measureMillion(directory, rounds, postgres.pid, say);
  return { aims: aimsOfMillion(measurements, users), measurements };
}

async function closeInTurn(open: readonly (() => Promise<void>)[]): Promise<void> {
  hangUp();
  for (const close of open.toReversed()) await close();
}

/** Windows on the targets in turn, so that what else the machine does falls on all of them. */
async function measure({ name, loads }: Workload, plan: Plan, postgres: number | undefined): Promise<Measurement[]> {
  say(name);
  const windows = new Map<Load, Window[]>(loads.map((load) => [load, []]));
  for (const load of loads) await drive(load.target, load.next, plan.warmSeconds);
  for (let round = 0; round < plan.rounds; round++) {
    for (const [load, taken] of windows) {
      const serverBefore = cpuOf(load.server.pid);
      const postgresBefore = postgres === undefined ? undefined : cpuOf(postgres);
      const times = await drive(load.target, load.next, plan.seconds, plan.atLeast);
      const since = (pid: number | undefined, before: number | undefined) =>
        pid === undefined || before === undefined ? undefined : (cpuOf(pid) ?? 0) - before;
      const serverMs = since(load.server.pid, serverBefore);
      taken.push({ times, serverMs, postgresMs: since(postgres, postgresBefore) });
    }
  }
  return [...windows].map(([load, taken]) => summed(name, load.on, taken));
}

/** Milliseconds until a server answers for the first time: the middle of several starts of each kind. */
async function measureStarts(databaseUrl: string, count: number): Promise<Starts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-bench-'));
  try {
    const middle = async (kind: string, settings: Readonly<Record<string, string>>) => {
      say(`start: ${kind}`);
      const times: number[] = [];
      for (let turn = 0; turn < count; turn++) times.push(await started(startServer(settings)));
      return quantile(
        times.toSorted((a, b) => a - b),
        0.5,
      );
    };
    // The first start of each makes what the later ones find.
    await started(startServer({ DATABASE_URL: databaseUrl }));
    await started(startServer({ DATA_DIR: folder }));
    return {
      postgres: await middle('PostgreSQL', { DATABASE_URL: databaseUrl }),
      folder: await middle('embedded folder', { DATA_DIR: folder }),
      memory: await middle('embedded in memory', { DATA_DIR: 'memory:' }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imports into a database and into a folder that are empty but for their schema. */
async function measureImports(databaseUrl: string, users: number): Promise<Imports> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-bench-'));
  try {
    const file = path.join(folder, 'people.jsonl');
    await writePeople(file, users);
    say(`import: ${users} users, PostgreSQL`);
    const postgres = await measureImport(file, users, { DATABASE_URL: databaseUrl });
    say(`import: ${users} users, embedded folder`);
    const embedded = await measureImport(file, users, { DATA_DIR: path.join(folder, 'data') });
    return { users, postgres, embedded };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function started(starting: Promise<Listening>): Promise<number> {
  const server = await starting;
  await server.stop();
  return server.startMs;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'of no known commit';
  }
}

function dependencies(): Record<string, string> {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { dependencies: given } = JSON.parse(text) as { dependencies: Record<string, string> };
  return Object.fromEntries(
    ['fastify', 'pg', 'drizzle-orm', '@electric-sql/pglite'].map((name) => [name, given[name] ?? '']),
  );
}

/** Progress, on standard error: standard output has the tables alone. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
