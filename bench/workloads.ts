import { ENTERPRISE_USER_SCHEMA, PATCH_OP } from '../src/schema/urns.ts';
import { createGroup, type Directory, lastCursorPage } from './directory.ts';
import type { Asked, Target } from './load.ts';
import { DEPARTMENTS, person, userNameOf } from './people.ts';
import type { Listening } from './processes.ts';

const PAGE = 100;
/** Where the deep page begins, as a part of all users. */
const DEEP = 0.9;

/** Requests of one kind on one target. */
export interface Load {
  readonly target: Target;
  readonly server: Listening;
  /** What the report calls the target. */
  readonly on: string;
  next(): Asked;
}

/** Requests of one kind on each target; their windows take turns. */
export interface Workload {
  readonly name: string;
  readonly loads: readonly Load[];
}

/** A group whose members come and go. */
export interface Group {
  readonly size: number;
  readonly path: string;
}

/** How many members the groups have, the smallest first. */
export type GroupSizes = readonly [small: number, shown: number, large: number];

/** What is measured, and on what: the floor, a small and a large directory, and groups in the large one. */
export async function workloads(
  floor: Listening,
  directories: readonly [small: Directory, large: Directory],
  groupSizes: GroupSizes,
): Promise<{ readonly all: Workload[]; readonly whole: Group }> {
  const [small, large] = directories;
  const groups: Group[] = [];
  for (const size of groupSizes) groups.push({ size, path: await createGroup(large, size) });
  // The largest group has every user of its directory, so every user of the small one is in a group too.
  await createGroup(small, small.size);
  const deepest = new Map<Directory, string>();
  for (const directory of directories) deepest.set(directory, await lastCursorPage(directory, PAGE));

  const onFloor = (next: () => Asked): Load => ({ target: floor, server: floor, on: 'floor', next });
  const onEach = (name: string, requests: (directory: Directory) => (turn: number) => Asked, below: Load[] = []) => ({
    name,
    loads: [...below, ...directories.map((one) => load(one, `${one.size} users`, requests(one)))],
  });
  // As many as a department has in the small directory: pages of different length would compare nothing.
  const found = Math.ceil(small.size / DEPARTMENTS.length);
  const read = onFloor(() => ({ method: 'GET', path: '/Users/one' }));
  const insert = onFloor(counted((turn) => ({ method: 'POST', path: '/Users', body: person(turn, 'floor') })));
  const search = (name: string, filter: (number: number) => string, below: Load[] = []) =>
    onEach(
      name,
      ({ size }) =>
        (turn) =>
          get({ filter: filter(spread(turn, size)), count: String(found) }),
      below,
    );
  const onGroups = (name: string, requests: (group: Group) => (turn: number) => Asked) => ({
    name,
    loads: groups.map((group) => load(large, `group of ${group.size}`, requests(group))),
  });

  const all = [
    onEach(
      'GET by id',
      ({ ids }) =>
        (turn) => ({ method: 'GET', path: `/Users/${ids[spread(turn, ids.length)]}` }),
      [read],
    ),
    search('filter userName eq', (number) => `userName eq "${userNameOf(number)}"`, [read]),
    search('filter externalId eq', (number) => `externalId eq "user-external-${number}"`),
    search('filter emails.value eq', (number) => `emails.value eq "user.${number}@home.example"`),
    search('filter emails[type and value]', (number) => `emails[type eq "work" and value eq "${userNameOf(number)}"]`),
    search('filter department eq', (number) => {
      return `${ENTERPRISE_USER_SCHEMA}:department eq "${DEPARTMENTS[number % DEPARTMENTS.length]}"`;
    }),
    onEach('first page', () => () => get({ count: String(PAGE) })),
    onEach(
      'deep page',
      ({ size }) =>
        () =>
          get({ count: String(PAGE), startIndex: String(Math.ceil(size * DEEP)) }),
    ),
    onEach('cursor page at the start', () => () => ({ method: 'GET', path: `/Users?count=${PAGE}&cursor=` })),
    onEach('cursor page at the end', (one) => () => ({ method: 'GET', path: deepest.get(one) ?? '' })),
    onEach('POST', () => (turn) => ({ method: 'POST', path: '/Users', body: person(turn, 'new') }), [insert]),
    onEach(
      'PATCH active',
      ({ ids }) =>
        (turn) => {
          // All off, then all on again: each request changes something.
          const value = Math.floor(turn / ids.length) % 2 === 1;
          return patch(`/Users/${ids[turn % ids.length]}`, { op: 'replace', path: 'active', value });
        },
      [read],
    ),
    onEach('PUT', ({ ids }) => (turn) => {
      // From the end, where no PATCH has come in a large directory: else each would make a user active again as well.
      const number = ids.length - 1 - (turn % ids.length);
      return { method: 'PUT', path: `/Users/${ids[number]}`, body: { ...person(number), title: `Turn ${turn}` } };
    }),
    onGroups('group: add or remove a member', ({ path }) => (turn) => {
      const { spare } = large;
      const value = spare[turn % spare.length];
      return Math.floor(turn / spare.length) % 2 === 0
        ? patch(path, { op: 'add', path: 'members', value: [{ value }] })
        : patch(path, { op: 'remove', path: `members[value eq "${value}"]` });
    }),
    onGroups('group without members', ({ path }) => () => ({
      method: 'GET',
      path: `${path}?excludedAttributes=members`,
    })),
  ];
  return { all, whole: groups.at(-1) as Group };
}

function load(directory: Directory, on: string, request: (turn: number) => Asked): Load {
  return { target: directory, server: directory.server, on, next: counted(request) };
}

/** Turns go on from window to window, so that what is created is new and what is changed changes. */
function counted(request: (turn: number) => Asked): () => Asked {
  let turn = 0;
  return () => request(turn++);
}

/** Numbers all over the range, in an order that no index has. */
function spread(turn: number, size: number): number {
  return (turn * 7919) % size;
}

function get(parameters: Readonly<Record<string, string>>): Asked {
  return { method: 'GET', path: `/Users?${new URLSearchParams(parameters)}` };
}

function patch(path: string, ...Operations: object[]): Asked {
  return { method: 'PATCH', path, body: { schemas: [PATCH_OP], Operations } };
}
