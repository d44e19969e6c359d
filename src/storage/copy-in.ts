import type pg from 'pg';
import { type Database, rows } from './handle.ts';
import { Statement } from './statement.ts';
import { Ready } from './statement-text.ts';

/** Where the text of a copy says that its rows come from. */
const SOURCE = 'from stdin';
const MARK = 'copy ';

/** Rows of a table in that form. */
export interface CopiedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly bytes: Buffer;
  readonly count: number;
}

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
  readonly stream: { cork(): void; write(bytes: Buffer): void; uncork(): void };
  endCopyFrom(): void;
}

/** Kind and length of the message of the protocol that carries rows ("CopyData"). */
const COPY_DATA = 0x64;
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/** A copy on its way to PostgreSQL, which asks for the rows when it has understood the text. */
export class CopyStatement<Row> extends Statement<Row> {
  readonly #bytes: Buffer;

  constructor(text: string, bytes: Buffer) {
    super(text, []);
    this.#bytes = bytes;
  }

  override handleCopyInResponse(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(COPY_DATA);
    header.writeInt32BE(LENGTH_BYTES + this.#bytes.length, 1);
    // By pg's own way it would be copied twice, into a place that stays as large for good.
    wire.stream.cork();
    wire.stream.write(header);
    wire.stream.write(this.#bytes);
    wire.endCopyFrom();
    wire.stream.uncork();
  }
}

/** The text and its parameters, where they are such a copy, as a statement for pg; undefined where they are anything else. */
export function copyStatement<Row>(text: string, [bytes]: readonly unknown[]): CopyStatement<Row> | undefined {
  return isCopy(text) && bytes instanceof Buffer ? new CopyStatement(text, bytes) : undefined;
}
