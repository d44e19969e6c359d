/** How many characters of a comparable value the index holds; four bytes each still fit into an index row. */
export const MAX_INDEXED_LENGTH = 500;

/**
 * The part of a comparable value by which it is indexed: its first characters, whole ones, so that parts order as the
 * values do. A value with fewer characters is its own part, and no other value has that part.
 */
export function indexedPart(value: string): string {
  if (value.length <= MAX_INDEXED_LENGTH) return value;
  let end = 0;
  for (let characters = 0; characters < MAX_INDEXED_LENGTH && end < value.length; characters++) {
    end += (value.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return value.slice(0, end);
}

/** Whether other, longer values may have the same indexed part. */
export function fillsIndex(part: string): boolean {
  return part.length >= MAX_INDEXED_LENGTH && [...part].length >= MAX_INDEXED_LENGTH;
}
