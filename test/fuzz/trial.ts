import fc from 'fast-check';
import type { Campaign } from './campaigns.ts';
import type { Target } from './target.ts';

/** How far a campaign goes. */
export interface Extent {
  readonly seed: number;
  readonly runs: number;
  /** Whatever the number of runs, no new one begins after so long. */
  readonly milliseconds: number;
  /** Of one run, as fast-check names it: only that is tried. */
  readonly path?: string;
}

/** Characters of a counterexample that are shown: some have megabytes, and the command finds them again. */
const MOST_SHOWN = 20_000;

/** Tries a campaign out; gives what it found, shrunk, with the command that tries that again, or undefined. */
export async function tried({ name, property }: Campaign, target: Target, extent: Extent): Promise<string | undefined> {
  const { seed, runs, milliseconds, path } = extent;
  const outcome = await fc.check(property(target), {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: Math.max(1, milliseconds),
    markInterruptAsFailure: false,
    ...(path === undefined ? {} : { path }),
  });
  if (!outcome.failed || outcome.counterexample === null) return undefined;
  const { errorInstance, counterexample, counterexamplePath } = outcome;
  return [
    `${name} found, with seed ${seed}:`,
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    JSON.stringify(counterexample, null, 1).slice(0, MOST_SHOWN),
    `again: npm run fuzz -- --campaign ${name} --seed ${seed} --path ${counterexamplePath}`,
  ].join('\n');
}
