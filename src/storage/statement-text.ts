import { Param, Placeholder, type QueryWithTypings, SQL, type SQLChunk, StringChunk } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { PgDialect } from 'drizzle-orm/pg-core';

/** A query whose text is made, so that nobody puts it together again on its way to the driver. */
export class Ready extends SQL {
  readonly text: string;
  readonly parameters: unknown[];

  constructor(text: string, parameters: unknown[]) {
    super([]);
    this.text = text;
    this.parameters = parameters;
  }

  override toQuery(): QueryWithTypings {
    return { sql: this.text, params: this.parameters };
  }
}

/**
 * The query with its text made. The library can do that too, and does it for queries that name its tables; for what is
 * written by hand it takes several times as long, which is most of what such a query costs this process. A blank that is
 * there twice is one parameter.
 */
export function readyQuery(query: SQL): Ready {
  if (query instanceof Ready) return query;
  const parameters: unknown[] = [];
  const text = textOf(query.queryChunks, parameters);
  if (text !== undefined) return new Ready(text, parameters);
  const own: unknown[] = [];
  const made = query.toQuery({
    casing: new CasingCache(),
    escapeName: (name) => dialect.escapeName(name),
    escapeString: (value) => dialect.escapeString(value),
    escapeParam: (_, value) => placeOf(value, own),
  });
  return new Ready(made.sql, own);
}

const dialect = new PgDialect();

/** The text of the parts, whose values are put to the parameters; undefined where there is a part that only the library knows. */
function textOf(chunks: readonly SQLChunk[], parameters: unknown[]): string | undefined {
  let text = '';
  for (const chunk of chunks) {
    const part = partOf(chunk, parameters);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

function partOf(chunk: unknown, parameters: unknown[]): string | undefined {
  if (typeof chunk !== 'object' || chunk === null) return chunk === undefined ? '' : placeOf(chunk, parameters);
  if (chunk instanceof StringChunk) return chunk.value.length === 1 ? chunk.value[0] : chunk.value.join('');
  if (chunk instanceof Ready) return undefined;
  if (chunk instanceof SQL) return textOf(chunk.queryChunks, parameters);
  if (chunk instanceof Placeholder) return placeOf(chunk, parameters);
  if (chunk instanceof Param && !(chunk.value instanceof Placeholder)) {
    const value: unknown = chunk.value === null ? null : chunk.encoder.mapToDriverValue(chunk.value);
    return value instanceof SQL ? textOf(value.queryChunks, parameters) : placeOf(value, parameters);
  }
  return undefined;
}

/** The place of a value among the parameters, as the text names it. */
function placeOf(value: unknown, parameters: unknown[]): string {
  const known = value instanceof Placeholder ? parameters.findIndex((one) => isBlank(one, value.name)) : -1;
  return `$${known < 0 ? parameters.push(value) : known + 1}`;
}

function isBlank(value: unknown, name: string): boolean {
  return value instanceof Placeholder && value.name === name;
}
