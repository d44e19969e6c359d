import pg from 'pg';

const ESCAPED = /["\\]/;
const INT_BYTES = 4;
/** Integers before the elements of a list in its binary form. */
const HEADER_INTS = 5;
const NULL_LENGTH = -1;

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
  if (Array.isArray(value)) return sentArray(value);
  if (value instanceof Buffer) return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

/** Nearly all lists are of numbers, or of texts of which only documents have what would have to be escaped. */
function sentArray(values: readonly unknown[]): string | Buffer {
  if (values.every(isNumber)) return `{${values.join(',')}}`;
  if (!values.every(isTextOrNull)) return arrayText(values);
  return ESCAPED.test(values.join('')) ? textArray(values) : `{${values.map(quoted).join(',')}}`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

/** In quotes, so that the word NULL is a text too. */
function quoted(text: string | null): string {
  return text === null ? 'NULL' : `"${text}"`;
}

/**
 * A list of texts in the binary form of `text[]` (`array_recv` in PostgreSQL's sources; its documentation leaves it out):
 * dimensions, whether there are nulls, type, length and lower bound, then each text behind its length in bytes. Nothing is
 * escaped in it, here or there, which takes a document ten times as long as copying it.
 */
function textArray(texts: readonly (string | null)[]): Buffer {
  const lengths = texts.map((text) => (text === null ? NULL_LENGTH : Buffer.byteLength(text)));
  const size = lengths.reduce((sum, length) => sum + INT_BYTES + Math.max(0, length), HEADER_INTS * INT_BYTES);
  const bytes = Buffer.allocUnsafe(size);
  let end = 0;
  for (const int of [1, texts.includes(null) ? 1 : 0, pg.types.builtins.TEXT, texts.length, 1]) {
    end = bytes.writeInt32BE(int, end);
  }
  for (const [index, text] of texts.entries()) {
    end = bytes.writeInt32BE(lengths[index] ?? NULL_LENGTH, end);
    if (text !== null) end += bytes.write(text, end);
  }
  return bytes;
}

/** An array of any values in the notation of PostgreSQL, where quotes and backslashes in a text are escaped by a backslash. */
function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return arrayText(value);
  const sent = sentValue(value);
  if (sent === null) return 'NULL';
  return typeof sent === 'string' ? quoted(escaped(sent)) : `"\\\\x${sent.toString('hex')}"`;
}

function escaped(text: string): string {
  return ESCAPED.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text;
}
