/** A value as PostgreSQL reads it: a text in its own notation, bytes as they are, null for none. */
export function sentValue(value: unknown): string | Buffer | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'object':
      return value === null ? null : sentObject(value);
    case 'undefined':
      return null;
    default:
      return String(value);
  }
}

function sentObject(value: object): string | Buffer {
  if (Array.isArray(value)) return arrayText(value);
  if (value instanceof Buffer) return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

/** An array in the notation of PostgreSQL, where quotes and backslashes in a text are escaped by a backslash. */
function arrayText(values: readonly unknown[]): string {
  let text = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ',';
    text += elementText(value);
  }
  return `${text}}`;
}

function elementText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return arrayText(value);
  const sent = sentValue(value);
  if (sent === null) return 'NULL';
  // In quotes, so that the word NULL is a text too.
  return typeof sent === 'string' ? `"${escaped(sent)}"` : `"\\\\x${sent.toString('hex')}"`;
}

function escaped(text: string): string {
  return text.includes('"') || text.includes('\\') ? text.replaceAll(/["\\]/g, '\\$&') : text;
}
