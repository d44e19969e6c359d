const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether the text can be a resource's id: a UUID in the one spelling in which ids are given out. Ids are caseExact
 * (RFC 7643 §3.1), while the column's type would take other spellings for the same.
 */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The lowest id that there can be. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** The lowest UUID v7 of that instant (RFC 9562 §5.7): what is made by it or later has a higher one. */
export function lowestIdAt(instant: Date): string {
  const hex = Math.max(0, instant.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The instant at which a UUID v7 was made. */
export function instantOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
