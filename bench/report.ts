/** What one workload cost on one target, over all its rounds. */
export interface Measurement {
  readonly workload: string;
  /** `floor`, or how many users, or members, there are. */
  readonly target: string;
  readonly requests: number;
  /** Microseconds of the server's process for each request; undefined where it can't be read. */
  readonly serverUs?: number;
  readonly postgresUs?: number;
  /** Both together, window by window. */
  readonly windowsUs?: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Something that the server should reach. */
export interface Aim {
  readonly name: string;
  readonly unit: 'µs CPU' | 'µs' | 'ms' | 'MB';
  readonly measured: number | undefined;
  /** What it is divided by; without it the figure itself is held against the aim. */
  readonly against?: number | undefined;
  /** The smallest and the largest ratio of windows that followed each other, which tells how much the machine decides. */
  readonly between?: readonly [least: number, most: number] | undefined;
  /** The most that it may be; undefined where there is no aim and the line only informs. */
  readonly most: number | undefined;
  /** Why it was not measured, or how it differs from what the aim says. */
  readonly note?: string;
}

/** The value below which so much of the sorted list lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** One window of a workload: what its requests took, and CPU time used meanwhile. */
export interface Window {
  readonly times: readonly number[];
  readonly serverMs: number | undefined;
  readonly postgresMs: number | undefined;
}

/** The windows of a workload on one target as one measurement. */
export function summed(workload: string, target: string, windows: readonly Window[]): Measurement {
  const times = windows.flatMap((window) => window.times).toSorted((a, b) => a - b);
  const perRequest = (cpu: (window: Window) => number | undefined) => {
    const all = windows.map(cpu);
    if (times.length === 0 || all.includes(undefined)) return undefined;
    return (all.reduce<number>((sum, ms) => sum + (ms ?? 0), 0) * 1000) / times.length;
  };
  const serverUs = perRequest(({ serverMs }) => serverMs);
  const postgresUs = perRequest(({ postgresMs }) => postgresMs);
  const windowsUs = windows.map(
    (window) => ((window.serverMs ?? 0) + (window.postgresMs ?? 0)) * (1000 / window.times.length),
  );
  return {
    workload,
    target,
    requests: times.length,
    ...(serverUs === undefined ? {} : { serverUs }),
    ...(postgresUs === undefined ? {} : { postgresUs }),
    ...(serverUs === undefined ? {} : { windowsUs }),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

/** CPU of server and PostgreSQL for each request; of the server alone where only that can be read. */
export function cpuUs({ serverUs, postgresUs }: Measurement): number | undefined {
  return serverUs === undefined ? undefined : serverUs + (postgresUs ?? 0);
}

/** The smallest and the largest ratio of windows of the same round; undefined where there are none to compare. */
export function betweenRounds(measured: Measurement | undefined, against: Measurement | undefined): Aim['between'] {
  const ratios = (measured?.windowsUs ?? [])
    .map((us, round) => us / (against?.windowsUs?.[round] ?? Number.NaN))
    .filter(Number.isFinite);
  return ratios.length === 0 ? undefined : [Math.min(...ratios), Math.max(...ratios)];
}

/** How an aim came out. */
export type Verdict = 'met' | 'missed' | 'no aim' | 'not measured';

/** An aim of a ratio, or of a figure by itself, and how it came out. */
export function judged(aim: Aim): { readonly figure: number | undefined; readonly verdict: Verdict } {
  const { measured, most } = aim;
  const figure = 'against' in aim ? ratio(measured, aim.against) : measured;
  if (figure === undefined) return { figure, verdict: 'not measured' };
  if (most === undefined) return { figure, verdict: 'no aim' };
  return { figure, verdict: figure <= most ? 'met' : 'missed' };
}

function ratio(measured: number | undefined, against: number | undefined): number | undefined {
  return measured === undefined || against === undefined || against === 0 ? undefined : measured / against;
}

/** The aims as a table in Markdown: both figures, their ratio, over all and between which it was in single rounds, the aim and how it came out. */
export function aimsTable(aims: readonly Aim[]): string {
  const lines = aims.map((aim) => {
    const { figure, verdict } = judged(aim);
    const isRatio = 'against' in aim;
    const most = aim.most === undefined ? '' : `<= ${aim.most}${isRatio ? '' : ` ${aim.unit}`}`;
    const measured = [shown(aim.measured, aim.unit), isRatio ? shown(aim.against, aim.unit) : ''];
    const said = aim.note === undefined ? verdict : `${verdict}: ${aim.note}`;
    return [aim.name, ...measured, isRatio && figure !== undefined ? figure.toFixed(2) : '', rounds(aim), most, said];
  });
  return table(['aim', 'measured', 'against', 'ratio', 'in rounds', 'at most', ''], lines);
}

/** All that was measured, as a table in Markdown. */
export function measurementsTable(measurements: readonly Measurement[]): string {
  const us = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
  const lines = measurements.map(({ workload, target, requests, serverUs, postgresUs, p50Ms, p99Ms }) =>
    [workload, target, String(requests), us(serverUs), us(postgresUs)].concat([p50Ms.toFixed(2), p99Ms.toFixed(2)]),
  );
  return table(['workload', 'on', 'requests', 'server µs', 'PostgreSQL µs', 'p50 ms', 'p99 ms'], lines);
}

function rounds({ between }: Aim): string {
  return between === undefined ? '' : between.map((figure) => figure.toFixed(2)).join(' to ');
}

function shown(value: number | undefined, unit: Aim['unit']): string {
  if (value === undefined) return '';
  if (unit === 'µs CPU' || unit === 'µs') return `${value.toFixed(0)} µs`;
  return `${value.toFixed(unit === 'ms' && value < 100 ? 1 : 0)} ${unit}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const row = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}
