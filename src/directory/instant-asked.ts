import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { instantOf } from '../schema/date-time.ts';
import type { Context } from './context.ts';

// PostgreSQL has no year 0, which xsd:dateTime has. Nothing that is asked for here is as old.
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');

/** The last instant that can be written (RFC 3339 §5.6: a year has four digits). */
export const LAST_INSTANT = new Date('9999-12-31T23:59:59.999Z');

/** The instant that a text from outside names, without an offset in UTC, as the database can compare it; undefined for no instant. */
export function instantIn(text: string): Date | undefined {
  const instant = instantOf(text);
  return instant === undefined ? undefined : storable(Date.parse(instant));
}

/** The instant that a parameter names, or how long ago it was, such as `15m`, `2h` and `3d`. */
export function instantAsked({ clock }: Context, name: string, text: string): Date {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ''];
  if (seconds !== undefined) return storable(clock().getTime() - Number(number) * seconds * 1000);
  const instant = instantIn(text);
  if (instant !== undefined) return instant;
  throw invalidParameter(
    `${name} is "${abridged(text)}"; send an instant such as 2026-01-31T10:00:00Z, or a time ago such as 15m, 2h or 3d.`,
  );
}

function storable(milliseconds: number): Date {
  return new Date(Math.max(EARLIEST, milliseconds));
}
