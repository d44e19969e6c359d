import { invalidValue } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { MAX_PATCH_WORK } from '../limits.ts';

/** Takes note of steps of work; throws `invalidValue` once they are more than one request may cost. */
export type WorkMeter = (steps: number) => void;

/** A meter for one PATCH: many operations, each over many elements, would hold up everyone else. */
export function workMeter(): WorkMeter {
  let done = 0;
  return (steps) => {
    done += steps;
    if (done > MAX_PATCH_WORK) {
      throw invalidValue('The operations go through too many values in all; send them in several requests.');
    }
  };
}

/** How many comparisons a filter makes for each element. */
export function comparisonsIn(filter: CheckedFilter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + comparisonsIn(term), 0);
    case 'not':
      return comparisonsIn(filter.term);
    case 'valuePath':
      return comparisonsIn(filter.filter);
    default:
      return 1;
  }
}
