import { isObject, type JsonValue } from '../../schema/json.ts';
import { invalidValue } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { MAX_PATCH_WORK } from '../limits.ts';

/** Takes note of steps of work; throws `invalidValue` once they are more than one request may cost. */
export type WorkMeter = (steps: number) => void;

/**
 * Meters for the PATCHes of one request, by what tells them apart: many operations, each over many elements, would hold up
 * everyone else.
 */
export function workMeters(): (patch: string) => WorkMeter {
  const done = new Map<string, number>();
  let all = 0;
  return (patch) => {
    // A PATCH that is carried out again, because its transaction was, has cost nothing before; nor has one that is refused.
    const takeBack = () => {
      all -= done.get(patch) ?? 0;
      done.set(patch, 0);
    };
    takeBack();
    return (steps) => {
      all += steps;
      done.set(patch, (done.get(patch) ?? 0) + steps);
      if (all <= MAX_PATCH_WORK) return;
      takeBack();
      throw invalidValue('The operations go through too many values in all; send them in several requests.');
    };
  };
}

/** How many values are in lists of the value: in itself, or in the parts of one that is complex. */
export function listedIn(value: JsonValue | undefined): number {
  if (Array.isArray(value)) return value.length;
  if (!isObject(value)) return 0;
  let count = 0;
  for (const name of Object.keys(value)) {
    const part = value[name];
    if (Array.isArray(part)) count += part.length;
  }
  return count;
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
