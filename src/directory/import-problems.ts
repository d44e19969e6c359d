import { ScimError } from '../protocol/errors.ts';
import type { Line } from './import-lines.ts';
import { inTurns } from './in-turns.ts';

/** Why a line, or a part of it, was not imported. */
export interface LineProblem {
  readonly line: number;
  readonly status: number;
  readonly scimType?: string;
  readonly detail: string;
}

/** The problem of a refused line. */
export function problemOf(line: number, { status, scimType, detail }: ScimError): LineProblem {
  return { line, status, ...(scimType === undefined ? {} : { scimType }), detail };
}

/** What is made of each line; problems are put aside, for the other lines of a part must not suffer from them. */
export async function perLine<T>(
  lines: readonly Line[],
  problems: LineProblem[],
  make: (line: Line) => T | Promise<T>,
): Promise<T[]> {
  const made = await inTurns(lines, async (line) => {
    try {
      return [await make(line)];
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      problems.push(problemOf(line.number, error));
      return [];
    }
  });
  return made.flat();
}
