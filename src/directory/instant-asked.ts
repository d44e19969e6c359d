import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { instantOf } from '../schema/date-time.ts';

// PostgreSQL has no year 0, which xsd:dateTime has. Nothing that is asked for here is as old.
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');

/** The last instant that can be written (RFC 3339 §5.6: a year has four digits). */
export const LAST_INSTANT = new Date('9999-12-31T23:59:59.999Z');

/** The instant that a text from outside names, without an offset in UTC, as the database can compare it; undefined for no instant. */
export function instantIn(text: string): Date | undefined {
  const instant = instantOf(text);
  return instant === undefined ? undefined : new Date(Math.max(EARLIEST, Date.parse(instant)));
}

/** The instant that a parameter names. */
export function instantAsked(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = instantIn(text);
  if (instant !== undefined) return instant;
  throw invalidParameter(`The ${name} "${abridged(text)}" is no instant; write one such as 2026-01-31T00:00:00Z.`);
}
