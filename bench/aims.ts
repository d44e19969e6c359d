import type { ImportCost } from './import.ts';
import { CURSOR_END, CURSOR_START, DEEP_PAGE, FILTERS, firstPage } from './million.ts';
import { type Aim, betweenRounds, cpuUs, type Measurement } from './report.ts';
import type { WholeGroup } from './whole-group.ts';

/** What was measured beside the workloads. */
export interface Starts {
  readonly postgres: number;
  readonly memory: number;
  readonly folder: number;
}

/** What imports of so many users cost. */
export interface Imports {
  readonly users: number;
  readonly postgres: ImportCost;
  readonly embedded: ImportCost;
}

/** How large the directories and groups were. */
export interface Sizes {
  readonly users: readonly [small: number, large: number];
  readonly groups: readonly [small: number, shown: number, large: number];
}

const GROWING = ['GET by id', 'filter userName eq', 'filter externalId eq', 'filter emails.value eq'].concat([
  'filter emails[type and value]',
  'filter department eq',
  'POST',
  'PATCH active',
  'PUT',
]);
const A_MILLION = 1_000_000;
const NOT_MEASURED = 'add --million';

/** What was measured beside the workloads; left out where it was not. */
export interface Others {
  readonly starts?: Starts | undefined;
  readonly imports?: Imports | undefined;
  readonly group?: WholeGroup | undefined;
}

/** What the server should reach, with what was measured. */
export function aimsOf(
  measurements: readonly Measurement[],
  { users, groups }: Sizes,
  { starts, imports, group }: Others,
): Aim[] {
  const at = (workload: string, target: string) =>
    measurements.find((one) => one.workload === workload && one.target === target);
  const [few, many] = [`${users[0]} users`, `${users[1]} users`];
  const [smallest, shown, largest] = groups.map((size) => `group of ${size}`) as [string, string, string];
  const ratio = (name: string, measured?: Measurement, against?: Measurement, most?: number): Aim => ({
    name,
    unit: 'µs CPU',
    measured: measured && cpuUs(measured),
    against: against && cpuUs(against),
    between: betweenRounds(measured, against),
    most,
  });
  const insert = at('POST', 'floor');
  const deep = at('deep page', many)?.p50Ms;
  return [
    ratio('GET by id / floor', at('GET by id', many), at('GET by id', 'floor'), 2),
    ratio('filter userName eq / floor', at('filter userName eq', many), at('filter userName eq', 'floor'), 2.5),
    ratio('POST / bare insert', at('POST', many), insert, 3),
    ratio('PATCH active / floor', at('PATCH active', many), at('PATCH active', 'floor'), 4),
    ratio('PATCH active / bare insert', at('PATCH active', many), insert),
    ...GROWING.map((name) => ratio(`${name}: ${many} / ${users[0]}`, at(name, many), at(name, few), 1.5)),
    ...['group: add or remove a member', 'group without members'].map((name, index) =>
      ratio(`${name}: ${groups[2]} / ${groups[0]}`, at(name, largest), at(name, smallest), index === 0 ? 1.3 : 1.2),
    ),
    ratio(
      `group: add or remove a member, all ${groups[1]} shown / ${groups[0]}`,
      at('group: add or remove a member', shown),
      at('group: add or remove a member', smallest),
    ),
    ratio('cursor page: end / start', at('cursor page at the end', many), at('cursor page at the start', many), 1.5),
    {
      name: `deep page, startIndex at nine tenths of ${many}`,
      unit: 'ms',
      measured: deep,
      most: undefined,
      note: 'the aim is 120 ms at a million users',
    },
    ...(starts ? startAims(starts) : []),
    ...(imports ? importAims(imports) : []),
    ...(group ? groupAims(group) : []),
  ];
}

/** What searches in a directory of so many users should reach, with what was measured; without measurements, that they are missing. */
export function aimsOfMillion(measurements: readonly Measurement[], size = A_MILLION): Aim[] {
  const of = `${size} users`;
  const at = (workload: string) => measurements.find((one) => one.workload === workload);
  const aim = (name: string, measured: number | undefined, most: number): Aim => ({
    name: `${name}, ${of}`,
    unit: 'ms',
    measured,
    most,
    ...(measured === undefined ? { note: NOT_MEASURED } : {}),
  });
  const cursor = [CURSOR_END, CURSOR_START].map((name) => at(name)?.p50Ms);
  const pages = Object.keys(FILTERS).flatMap((filter) => [
    aim(`${firstPage(filter, false)}, and its total counted`, at(firstPage(filter, false))?.p50Ms, 20),
    aim(firstPage(filter, true), at(firstPage(filter, true))?.p50Ms, 20),
  ]);
  return [
    aim('startIndex at nine tenths', at(DEEP_PAGE)?.p50Ms, 120),
    { ...aim('cursor page: end / start', cursor[0], 1.5), against: cursor[1] },
    ...pages,
  ];
}

function startAims({ postgres, folder, memory }: Starts): Aim[] {
  const start = (kind: string, measured: number, most: number): Aim => ({
    name: `start to first answer, ${kind}`,
    unit: 'ms',
    measured,
    most,
  });
  return [
    start('PostgreSQL', postgres, 500),
    start('embedded folder that exists', folder, 1000),
    start('embedded in memory', memory, 1300),
  ];
}

function groupAims({ members, firstByteMs, grownMb }: WholeGroup): Aim[] {
  return [
    { name: `first byte of a group of ${members} members`, unit: 'ms', measured: firstByteMs, most: 100 },
    { name: `memory for a group of ${members} members`, unit: 'MB', measured: grownMb, most: 50 },
  ];
}

/** The aims are users a second: here the time for each, so that less is better as everywhere else. */
function importAims({ users, postgres, embedded }: Imports): Aim[] {
  const aims = (on: string, { usPerUser, peakMb }: ImportCost, perSecond: number): Aim[] => [
    {
      name: `import of ${users} users, each, ${on}`,
      unit: 'µs',
      measured: usPerUser,
      most: 1_000_000 / perSecond,
      note: `${Math.round(1_000_000 / usPerUser)} users a second`,
    },
    { name: `import of ${users} users, memory, ${on}`, unit: 'MB', measured: peakMb, most: 400 },
  ];
  return [...aims('PostgreSQL', postgres, 5000), ...aims('embedded', embedded, 1000)];
}
