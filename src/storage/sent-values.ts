import { textArray } from './text-array.ts';

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
  return values.some(isEscaped) ? textArray(values) : `{${values.map(quoted).join(',')}}`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isEscaped(text: string | null): boolean {
  return text !== null && (text.includes('"') || text.includes('\\'));
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

/** In quotes, so that the word NULL is a text too. */
function quoted(text: string | null): string {
  return text === null ? 'NULL' : `"${text}"`;
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
  return isEscaped(text) ? text.replaceAll(/["\\]/g, '\\$&') : text;
}
