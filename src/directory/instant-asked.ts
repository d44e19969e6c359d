import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { instantOf } from '../schema/date-time.ts';

/** The instant that a parameter names. */
export function instantAsked(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = instantOf(text);
  if (instant !== undefined) return new Date(instant);
  throw invalidParameter(`The ${name} "${abridged(text)}" is no instant; write one such as 2026-01-31T00:00:00Z.`);
}
