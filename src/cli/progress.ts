import type { Stage } from '../directory/import.ts';
import type { Terminal } from './terminal.ts';

/** How often progress is shown, on a screen and elsewhere. */
const SCREEN_MS = 100;
export const LINE_MS = 5000;
const BAR_LENGTH = 30;
const MEGABYTE = 1_000_000;

const NAMES: Readonly<Record<Stage, string>> = {
  reading: 'reading',
  matching: 'looking for what is there',
  resources: 'importing',
  groups: 'importing groups',
  members: 'adding members',
};

/** Progress on standard error. */
export interface ProgressBar {
  progressed(stage: Stage, done: number, total: number | undefined): void;
  /** Writes a line that stays. */
  say(line: string): void;
  end(): void;
}

/** Shows progress: as a bar where a person looks at a screen, else by a line every few seconds. */
export function progressOn({ err, isScreen = false }: Terminal, now: () => number = Date.now): ProgressBar {
  let [stage, began, from, shown]: [Stage | undefined, number, number, number] = [undefined, now(), 0, now()];
  let drawn = false;
  const clear = () => {
    if (drawn) err('\r\u001b[K');
    drawn = false;
  };
  return {
    progressed: (current, done, total) => {
      // The first ones of a stage were perhaps done by a run before.
      if (current !== stage) [stage, began, from] = [current, now(), done];
      if (now() - shown < (isScreen ? SCREEN_MS : LINE_MS)) return;
      shown = now();
      const text = textOf(current, done, total, Math.round(((done - from) * 1000) / Math.max(1, now() - began)));
      if (isScreen) err(`\r\u001b[K${total === undefined ? '' : `${barOf(done / total)} `}${text}`);
      else err(`${text}\n`);
      drawn = isScreen;
    },
    say: (line) => {
      clear();
      err(`${line}\n`);
    },
    end: clear,
  };
}

function textOf(stage: Stage, done: number, total: number | undefined, perSecond: number): string {
  if (stage === 'reading') return `${NAMES[stage]}: ${Math.round(done / MEGABYTE)} MB`;
  const left = total === undefined || perSecond === 0 ? '' : `, ${Math.ceil((total - done) / perSecond)} s left`;
  return `${NAMES[stage]}: ${done}${total === undefined ? '' : ` of ${total}`} lines, ${perSecond} a second${left}`;
}

function barOf(part: number): string {
  const full = Math.min(BAR_LENGTH, Math.floor(part * BAR_LENGTH));
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_LENGTH - full)}]`;
}
