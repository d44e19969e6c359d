import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The seconds of a duration such as 90s, 30m, 24h or 7d; what is none is a wrong usage of the command. */
export function secondsIn(text: string): number {
  const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const seconds = count === undefined ? Number.NaN : Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw new InvalidArgumentError('Write a duration such as 90s, 30m, 24h or 7d.');
  return seconds;
}
