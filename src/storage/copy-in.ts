import type pg from 'pg';
import { type Database, rows } from './handle.ts';
import { Ready } from './statement-text.ts';

/** Where the text of a copy says that its rows come from. */
const SOURCE = 'from stdin';
const MARK = 'copy ';

/**
 * Puts rows into a table, in the form of `BinaryRows`: of many small rows the engine reads and stores each in half the time
 * that it takes for a statement's values. The drivers have ways of their own for it; here it is a statement like any other,
 * whose one value is the rows.
 */
export async function copyIn(
  tx: Database,
  table: string,
  columns: readonly string[],
  binaryRows: Buffer,
): Promise<void> {
  await rows(tx, new Ready(`${MARK}${table} (${columns.join(', ')}) ${SOURCE} (format binary)`, [binaryRows]));
}

/** Whether the statement is one of these. */
export function isCopy(text: string): boolean {
  return text.startsWith(MARK);
}

/** The same text for the embedded engine, which reads the rows of a blob that is given beside it. */
export function fromBlob(text: string): string {
  return text.replace(SOURCE, "from '/dev/blob'");
}

interface Wire {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  query(text: string): void;
}

type Query = (statement: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/** A kind of client that carries out these statements. */
export function copyingClient(Base: typeof pg.Client): typeof pg.Client {
  class CopyingClient extends Base {}
  const query = Base.prototype.query as unknown as Query;
  const copying: Query = function (this: pg.Client, statement, values, ...rest) {
    const text = (statement as { text?: unknown }).text;
    const [bytes] = Array.isArray(values) ? (values as unknown[]) : [];
    if (typeof text !== 'string' || !isCopy(text) || !(bytes instanceof Buffer)) {
      return query.call(this, statement, values, ...rest);
    }
    return new Promise((resolve, reject) => {
      query.call(this, new Copy(text, bytes, resolve, reject));
    });
  };
  CopyingClient.prototype.query = copying as unknown as typeof CopyingClient.prototype.query;
  return CopyingClient;
}

/** A copy as pg lets one bring statements of one's own. */
class Copy implements pg.Submittable {
  readonly text: string;
  readonly #bytes: Buffer;
  readonly #done: (result: { rows: unknown[] }) => void;
  readonly #failed: (error: Error) => void;

  constructor(
    text: string,
    bytes: Buffer,
    done: (result: { rows: unknown[] }) => void,
    failed: (error: Error) => void,
  ) {
    this.text = text;
    this.#bytes = bytes;
    this.#done = done;
    this.#failed = failed;
  }

  submit(connection: pg.Connection): void {
    (connection as unknown as Wire).query(this.text);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    wire.sendCopyFromChunk(this.#bytes);
    wire.endCopyFrom();
  }

  handleReadyForQuery(): void {
    this.#done({ rows: [] });
  }

  handleError(error: Error): void {
    this.#failed(error);
  }

  handleCommandComplete(): void {}
}
