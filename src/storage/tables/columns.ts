import { customType, timestamp } from 'drizzle-orm/pg-core';

/**
 * Text that compares and orders by code point on every engine. Site collations differ; `"C"` is the same everywhere and
 * lets a prefix be a range.
 */
export const textC = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
/** A point in time, to the millisecond, that JavaScript has as a Date. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
