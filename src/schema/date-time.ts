const DAY_MS = 24 * 60 * 60 * 1000;
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * The instant of an xsd:dateTime (RFC 7643 §2.3.5) in UTC with nine fractional digits, so that instants order as text;
 * undefined when the text is none or names a day that the calendar lacks. Without an offset it is read as UTC.
 */
export function instantOf(text: string): string | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match;
  // xsd:dateTime: 24:00:00 is the first instant of the next day.
  const isEndOfDay = hour === '24' && Number(`${minute}${second}${fraction}`) === 0;
  const asked = [year, month, day, isEndOfDay ? '00' : hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = new Date(0);
  local.setUTCFullYear(asked[0], asked[1] - 1, asked[2]);
  local.setUTCHours(asked[3], asked[4], asked[5]);
  const kept =
    local.getUTCFullYear() === asked[0] &&
    local.getUTCMonth() === asked[1] - 1 &&
    local.getUTCDate() === asked[2] &&
    local.getUTCHours() === asked[3] &&
    local.getUTCMinutes() === asked[4] &&
    local.getUTCSeconds() === asked[5];
  if (!kept) return undefined;
  const minutes = offsetMinutes(offset);
  if (minutes === undefined) return undefined;
  const utc = new Date(local.getTime() + (isEndOfDay ? DAY_MS : 0) - minutes * 60_000);
  if (utc.getUTCFullYear() < 0 || utc.getUTCFullYear() > 9999) return undefined;
  return `${utc.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

function offsetMinutes(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4, 6));
  // xsd:dateTime: offsets reach to 14:00.
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
