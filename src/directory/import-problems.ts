import { ScimError, uniqueness } from '../protocol/errors.ts';
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

/** Most ids that a problem names, and most characters of each. */
const SHOWN = 5;
const SHOWN_LENGTH = 80;

/** The refusal of a line whose id an earlier one has. */
export function repeated(source = ''): ScimError {
  const shown = source.slice(0, SHOWN_LENGTH);
  return uniqueness(`An earlier line has the id "${shown}" too; give each resource an id of its own, or none.`);
}

/** What a line refers to and nobody has; `what` says what became of it. */
export function unresolved(line: number, what: string, ids: readonly string[]): LineProblem {
  const shown = ids.slice(0, SHOWN).map((id) => `"${id.slice(0, SHOWN_LENGTH)}"`);
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
  const detail = `The ${what} ${shown.join(', ')}${more}: neither a line of the file nor a resource of the tenant has that id.`;
  return { line, status: 400, scimType: 'invalidValue', detail };
}
