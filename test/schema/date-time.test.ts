import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/schema/date-time.ts';
import { shows } from '../support/conformance.ts';

describe('instantOf', () => {
  it.each([
    ['2008-01-23T04:56:22Z', '2008-01-23T04:56:22.000000000Z'],
    ['2011-05-13T06:42:34+02:00', '2011-05-13T04:42:34.000000000Z'],
    ['2015-10-10T14:38:21.8617979-07:00', '2015-10-10T21:38:21.861797900Z'],
    ['2015-10-10T21:38:21', '2015-10-10T21:38:21.000000000Z'],
    ['2015-10-10T21:38:21.123456789Z', '2015-10-10T21:38:21.123456789Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000000Z'],
    ['2000-02-29T23:59:59+14:00', '2000-02-29T09:59:59.000000000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000000000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000000000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000000000Z'],
    ['2024-02-28T24:00:00Z', '2024-02-29T00:00:00.000000000Z'],
    ['2025-12-31T24:00:00.000+01:00', '2025-12-31T23:00:00.000000000Z'],
  ])('reads %s as %s', shows('7643-2.3.5-1'), (given, instant) => {
    expect(instantOf(given)).toBe(instant);
  });

  it.each([
    ['a date alone', '2026-01-31'],
    ['a time alone', '10:00:00Z'],
    ['no seconds', '2026-01-31T10:00Z'],
    ['a space for the T', '2026-01-31 10:00:00Z'],
    ['a small t', '2026-01-31t10:00:00Z'],
    ['a small z', '2026-01-31T10:00:00z'],
    ['an offset without a colon', '2026-01-31T10:00:00+0100'],
    ['an offset over 14 hours', '2026-01-31T10:00:00+14:01'],
    ['an offset of 60 minutes', '2026-01-31T10:00:00+01:60'],
    ['the thirteenth month', '2026-13-01T10:00:00Z'],
    ['month zero', '2026-00-01T10:00:00Z'],
    ['the 30th of February', '2026-02-30T10:00:00Z'],
    ['a leap day of no leap year', '1900-02-29T10:00:00Z'],
    ['the 31st of April', '2026-04-31T10:00:00Z'],
    ['hour 25', '2026-01-01T25:00:00Z'],
    ['minute 60', '2026-01-01T10:60:00Z'],
    ['second 60', '2026-01-01T10:00:60Z'],
    ['a fraction without digits', '2026-01-01T10:00:00.Z'],
    ['spaces around it', ' 2026-01-01T10:00:00Z '],
    ['a line break behind it', '2026-01-01T10:00:00Z\n'],
    ['a year of five digits', '12026-01-01T10:00:00Z'],
    ['an instant in the year 10000', '9999-12-31T23:59:59-01:00'],
    ['digits of another script', '２０26-01-01T10:00:00Z'],
    ['nothing', ''],
    ['a minute after hour 24', '2026-01-01T24:01:00Z'],
    ['a part of a second after hour 24', '2026-01-01T24:00:00.001Z'],
    ['the last end of a day', '9999-12-31T24:00:00Z'],
  ])('refuses %s', shows('7643-2.3.5-1', '7643-2.3.5-2'), (_, given) => {
    expect(instantOf(given)).toBeUndefined();
  });

  it('orders as instants do', () => {
    const dates = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offsets = fc.constantFrom('Z', '+02:00', '-07:30', '+14:00', '-14:00');
    const written = (date: Date, offset: string) => {
      const sign = offset.startsWith('-') ? -1 : 1;
      const minutes = offset === 'Z' ? 0 : sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
      return new Date(date.getTime() + minutes * 60_000).toISOString().replace('Z', offset);
    };
    fc.assert(
      fc.property(dates, dates, offsets, offsets, (a, b, offsetOfA, offsetOfB) => {
        const one = instantOf(written(a, offsetOfA)) ?? 'none';
        const other = instantOf(written(b, offsetOfB)) ?? 'none';
        expect(one < other).toBe(a.getTime() < b.getTime());
        expect(one === other).toBe(a.getTime() === b.getTime());
      }),
    );
  });
});
