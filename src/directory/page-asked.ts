import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { isId } from '../storage/ids.ts';

/** How many a page of a list has. */
export interface PageSizes {
  /** When no limit is asked for. */
  readonly standard: number;
  readonly most: number;
}

/** The limit that a parameter asks for; throws a 400 for one that no page of the list has. */
export function limitAsked(text: string | undefined, { standard, most }: PageSizes): number {
  if (text === undefined) return standard;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw invalidParameter(`The limit is "${abridged(text)}"; send a whole number from 1 to ${most}.`);
}

/** The id that a parameter holds; throws a 400 that says where ids are to be had, such as `a list of tasks`. */
export function idAsked(name: string, text: string, from: string): string {
  if (isId(text)) return text;
  throw invalidParameter(`"${abridged(text)}" is no id; send in ${name} one that ${from} gave.`);
}
