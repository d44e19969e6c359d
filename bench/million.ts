import { setTimeout as wait } from 'node:timers/promises';
import { ENTERPRISE_USER_SCHEMA } from '../src/schema/urns.ts';
import { cpuOf } from './cpu.ts';
import { type Directory, lastCursorPage } from './directory.ts';
import { type Asked, expectSuccess } from './load.ts';
import { DEPARTMENTS, userNameOf } from './people.ts';
import { type Measurement, summed, type Window } from './report.ts';

const PAGE = 100;
/** How long the server has to gather that: several times what it takes. */
const GATHER_MS = 30_000;
/** Where the deep page begins, as a part of all users. */
const DEEP = 0.9;

/** Names of what is measured, without the filters. */
export const DEEP_PAGE = 'deep page';
export const CURSOR_START = 'cursor page at the start';
export const CURSOR_END = 'cursor page at the end';

/** Filters of `and`, `or` and `not`, each for any number: they select from nobody to nearly everybody. */
export const FILTERS: Readonly<Record<string, (number: number) => string>> = {
  'or, of two users': (number) =>
    `(userName eq "${userNameOf(number * 77)}" or emails.value eq "user.${number * 31}@home.example") and not (active eq false)`,
  'and, of 0.4 %': (number) =>
    `${department(number)} and ${extension('costCenter')} eq "${4000 + ((number * 21) % 130)}"`,
  'and not, of 4 %': (number) => `${department(number)} and not (${title(number)})`,
  'or, and, not, of 8 %': (number) =>
    `(${department(number)} or ${extension('division')} eq "Division ${number % 12}") and userType eq "Employee" and not (${title(number)})`,
  'or, of 90 %': (number) => `userType eq "Employee" or ${department(number)}`,
  'not, of 95 %': (number) => `not (${department(number)})`,
  // Contractors are in the first department and in the eleventh alone.
  'and, of nobody': (number) =>
    `${extension('department')} eq "${DEPARTMENTS[1 + (number % 9)]}" and userType eq "Contractor"`,
};

/** What a first page by such a filter is called; at first the filter is new, and what it selects has to be counted. */
export const firstPage = (filter: string, again: boolean) => `first page, ${filter}${again ? ', again' : ''}`;

/** Searches in one large directory, one request at a time: how long each takes, and what it costs. */
export async function measureMillion(
  directory: Directory,
  rounds: number,
  postgres: number | undefined,
  say: (text: string) => void,
): Promise<Measurement[]> {
  say('walking to the last page');
  const last = await lastCursorPage(directory, PAGE);
  const requests = new Map<string, (round: number) => string>([
    [DEEP_PAGE, () => get({ count: String(PAGE), startIndex: String(Math.ceil(directory.size * DEEP)) })],
    [CURSOR_START, () => `/Users?count=${PAGE}&cursor=`],
    [CURSOR_END, () => last],
  ]);
  for (const [name, filter] of Object.entries(FILTERS)) {
    const first = (round: number) => get({ filter: filter(round), sortBy: 'name.familyName', count: String(PAGE) });
    // The order of the map: what is asked again has just been asked.
    requests.set(firstPage(name, false), first);
    requests.set(firstPage(name, true), first);
  }
  const windows = new Map<string, Window[]>([...requests.keys()].map((name) => [name, []]));
  // The first round warms up, and after it the server gathers what it counts in memory from then on.
  for (let round = 0; round <= rounds; round++) {
    if (round === 1) await wait(GATHER_MS);
    say(`searches, round ${round} of ${rounds}`);
    for (const [name, path] of requests) {
      const window = await measureOne(directory, { method: 'GET', path: path(round) }, postgres);
      if (round > 0) windows.get(name)?.push(window);
    }
  }
  return [...windows].map(([name, taken]) => summed(name, `${directory.size} users`, taken));
}

async function measureOne(directory: Directory, asked: Asked, postgres: number | undefined): Promise<Window> {
  const used = (pid: number | undefined) => (pid === undefined ? undefined : cpuOf(pid));
  const [serverBefore, postgresBefore] = [used(directory.server.pid), used(postgres)];
  const { ms } = await expectSuccess(directory, asked);
  const since = (pid: number | undefined, before: number | undefined) =>
    before === undefined ? undefined : (used(pid) ?? 0) - before;
  return {
    times: [ms],
    serverMs: since(directory.server.pid, serverBefore),
    postgresMs: since(postgres, postgresBefore),
  };
}

const extension = (name: string) => `${ENTERPRISE_USER_SCHEMA}:${name}`;
const department = (number: number) => `${extension('department')} eq "${DEPARTMENTS[number % DEPARTMENTS.length]}"`;
const title = (number: number) => `title eq "Engineer, grade ${number % 9}"`;

function get(parameters: Readonly<Record<string, string>>): string {
  return `/Users?${new URLSearchParams(parameters)}`;
}
