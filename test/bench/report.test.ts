import { describe, expect, test } from 'vitest';
import { aimsOf } from '../../bench/aims.ts';
import { parseStat, ticksBelow } from '../../bench/cpu.ts';
import {
  type Aim,
  aimsTable,
  judged,
  type Measurement,
  measurementsTable,
  quantile,
  summed,
} from '../../bench/report.ts';

const STARTS = { postgres: 400, folder: 1000, memory: 2000 };
const SIZES = { users: [10, 1000], groups: [10, 100, 2000] } as const;

function measurement(workload: string, target: string, serverUs: number, postgresUs: number): Measurement {
  return { workload, target, requests: 100, serverUs, postgresUs, p50Ms: 1, p99Ms: 2 };
}

describe('CPU time of processes', () => {
  test('is read whatever the name of the process has in it', () => {
    const stat = '42 (postgres: a b) c) S 7 42 42 0 -1 4194560 9 0 0 0 30 12 5 6 20 0 1 0 100 200 300';
    expect(parseStat(stat)).toEqual({ pid: 42, parent: 7, ticks: 42, ended: 11 });
  });

  test('counts all that is below a process, and what has ended there', () => {
    const all = [
      { pid: 1, parent: 0, ticks: 1000, ended: 1000 },
      { pid: 7, parent: 1, ticks: 10, ended: 1 },
      { pid: 8, parent: 7, ticks: 20, ended: 2 },
      { pid: 9, parent: 8, ticks: 40, ended: 4 },
      { pid: 10, parent: 1, ticks: 500, ended: 0 },
    ];
    expect(ticksBelow(all, 7)).toBe(77);
    expect(ticksBelow(all, 99)).toBe(0);
  });
});

describe('windows', () => {
  test('are summed to cost for each request and to quantiles of all times', () => {
    const windows = [
      { times: [3, 1], serverMs: 1, postgresMs: 0.5 },
      { times: [2, 10], serverMs: 3, postgresMs: 0.5 },
    ];
    expect(summed('GET', 'floor', windows)).toEqual({
      workload: 'GET',
      target: 'floor',
      requests: 4,
      serverUs: 1000,
      postgresUs: 250,
      windowsUs: [750, 1750],
      p50Ms: 3,
      p99Ms: 10,
    });
  });

  test('leave out what could not be read, instead of taking it for nothing', () => {
    const seen = summed('GET', 'floor', [{ times: [1], serverMs: 1, postgresMs: undefined }]);
    expect(seen).toEqual({
      workload: 'GET',
      target: 'floor',
      requests: 1,
      serverUs: 1000,
      windowsUs: [1000],
      p50Ms: 1,
      p99Ms: 1,
    });
    const unseen = summed('GET', 'floor', [{ times: [1], serverMs: undefined, postgresMs: undefined }]);
    expect(unseen).toEqual({ workload: 'GET', target: 'floor', requests: 1, p50Ms: 1, p99Ms: 1 });
  });

  test('give quantiles of sorted values', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([quantile(values, 0), quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([
      1, 51, 100, 100,
    ]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

const GROUP = { members: 2000, firstByteMs: 99, wholeMs: 1000, grownMb: 51 };

describe('aims', () => {
  const aim: Aim = { name: 'GET', unit: 'µs CPU', measured: 200, against: 100, most: 2 };

  test.each<[Partial<Aim>, string]>([
    [{}, 'met'],
    [{ measured: 201 }, 'missed'],
    [{ most: undefined }, 'no aim'],
    [{ measured: undefined }, 'not measured'],
    [{ against: undefined }, 'not measured'],
    [{ against: 0 }, 'not measured'],
  ])('with %j are %s', (more, verdict) => {
    expect(judged({ ...aim, ...more }).verdict).toBe(verdict);
  });

  test('of a figure by itself are held against it', () => {
    expect(judged({ name: 'start', unit: 'ms', measured: 500, most: 500 })).toEqual({ figure: 500, verdict: 'met' });
    expect(judged({ name: 'start', unit: 'ms', measured: 501, most: 500 }).verdict).toBe('missed');
  });

  test('compare server and PostgreSQL together, the large directory with the small one and with the floor', () => {
    const aims = aimsOf(
      [
        measurement('GET by id', 'floor', 60, 40),
        measurement('GET by id', '10 users', 100, 60),
        measurement('GET by id', '1000 users', 150, 90),
        measurement('group without members', 'group of 10', 100, 0),
        measurement('group without members', 'group of 2000', 110, 0),
      ],
      SIZES,
      { starts: STARTS, group: GROUP },
    );
    const figures = new Map(aims.map((one) => [one.name, judged(one)]));
    expect(figures.get('GET by id / floor')).toEqual({ figure: 2.4, verdict: 'missed' });
    expect(figures.get('GET by id: 1000 users / 10')).toEqual({ figure: 1.5, verdict: 'met' });
    expect(figures.get('group without members: 2000 / 10')?.verdict).toBe('met');
    expect(figures.get('POST / bare insert')?.verdict).toBe('not measured');
    expect(figures.get('start to first answer, PostgreSQL')?.verdict).toBe('met');
    expect(figures.get('start to first answer, embedded in memory')?.verdict).toBe('missed');
    expect(figures.get('first byte of a group of 2000 members')?.verdict).toBe('met');
    expect(figures.get('memory for a group of 2000 members')?.verdict).toBe('missed');
  });
});

test('ratios tell between which they were in single rounds, where there are rounds of both', () => {
  const [large, floor] = [
    { ...measurement('GET by id', '1000 users', 300, 0), windowsUs: [250, 500, 300] },
    { ...measurement('GET by id', 'floor', 100, 0), windowsUs: [100, 125, 0] },
  ];
  const between = (measurements: Measurement[]) =>
    aimsOf(measurements, SIZES, {}).find(({ name }) => name === 'GET by id / floor')?.between;
  expect(between([large, floor])).toEqual([2.5, 4]);
  expect(between([large, measurement('GET by id', 'floor', 100, 0)])).toBeUndefined();
  expect(between([large])).toBeUndefined();
});

test('imports are held to a time for each user, and to memory that can be read', () => {
  const imports = {
    users: 1000,
    postgres: { usPerUser: 250, peakMb: 300 },
    embedded: { usPerUser: 900, peakMb: undefined },
  };
  const aims = aimsOf([], SIZES, { imports }).filter(({ name }) => name.startsWith('import'));
  expect(aims.map((one) => [one.name, one.most, judged(one).verdict, one.note])).toEqual([
    ['import of 1000 users, each, PostgreSQL', 200, 'missed', '4000 users a second'],
    ['import of 1000 users, memory, PostgreSQL', 400, 'met', undefined],
    ['import of 1000 users, each, embedded', 1000, 'met', '1111 users a second'],
    ['import of 1000 users, memory, embedded', 400, 'not measured', undefined],
  ]);
});

test('tables have a line for each aim and each measurement', () => {
  const [aims, measured] = [
    aimsTable([
      { name: 'GET / floor', unit: 'µs CPU', measured: 240, against: 100, between: [2, 3.125], most: 2 },
      { name: 'start', unit: 'ms', measured: 31.25, most: 500 },
      { name: 'page', unit: 'ms', measured: undefined, most: 120, note: 'at a million' },
      { name: 'memory', unit: 'MB', measured: 31.25, most: 50 },
    ]),
    measurementsTable([measurement('GET by id', 'floor', 60.4, 40)]),
  ].map((text) => text.split('\n').map((line) => line.replaceAll(/ +/g, ' ')));
  expect(aims).toEqual([
    '| aim | measured | against | ratio | in rounds | at most | |',
    expect.stringMatching(/^\| -+ \|/),
    '| GET / floor | 240 µs | 100 µs | 2.40 | 2.00 to 3.13 | <= 2 | missed |',
    '| start | 31.3 ms | | | | <= 500 ms | met |',
    '| page | | | | | <= 120 ms | not measured: at a million |',
    '| memory | 31 MB | | | | <= 50 MB | met |',
  ]);
  expect(measured?.at(-1)).toBe('| GET by id | floor | 100 | 60 | 40 | 1.00 | 2.00 |');
});
