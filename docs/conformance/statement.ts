import type { Grade } from '../../src/profiles/profile.ts';

/** The words of RFC 2119 that a statement can hang on; SHALL and REQUIRED are MUST, RECOMMENDED is SHOULD. */
export const LEVELS = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY'] as const;

/** One of the words of RFC 2119. */
export type Level = (typeof LEVELS)[number];

/** One normative statement of an RFC, and what Rollcall makes of it. */
export interface Statement {
  /** RFC, section and a number within the section: `7644-3.4.2.2-5`. Once published, never given to another statement. */
  readonly id: string;
  readonly level: Level;
  /** What it asks, in our own words. */
  readonly asks: string;
  /** What Rollcall does: one text where the three grades agree. */
  readonly does: string | Readonly<Record<Grade, string>>;
  /** Why Rollcall does not meet it, at all or in these grades. A statement without a reason is met. */
  readonly unmet?: string | Readonly<Partial<Record<Grade, string>>>;
  /** The erratum that the statement is read with. */
  readonly erratum?: number;
  /** Whom it binds, when that is not the server: then `does` tells what becomes of those who break it. */
  readonly on?: 'client';
}

/** The parts of an id. */
export interface Place {
  readonly rfc: string;
  readonly section: string;
  readonly number: number;
}

const ID = /^(\d{4})-(\d+(?:\.\d+)*)-(\d+)$/;

/** Where a statement stands, by its id. */
export function placeOf(id: string): Place {
  const [, rfc, section, number] = ID.exec(id) ?? [];
  if (!rfc || !section || !number) throw new Error(`${id} is no id of a statement: write RFC-section-number`);
  return { rfc, section, number: Number(number) };
}

/** Orders statements as they stand in the RFCs. */
export function byPlace(a: Statement, b: Statement): number {
  const [left, right] = [numbers(a.id), numbers(b.id)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(id: string): number[] {
  const { rfc, section, number } = placeOf(id);
  // A section's own statements stand before those of its subsections, so -1 goes between section and number.
  return [Number(rfc), ...section.split('.').map(Number), -1, number];
}
