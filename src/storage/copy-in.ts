import type pg from 'pg';
import { type Database, rows } from './handle.ts';
import { Statement } from './statement.ts';
import { Ready } from './statement-text.ts';

/** Where the text of a copy says that its rows come from. */
const SOURCE = 'from stdin';
const MARK = 'copy ';
const SEPARATOR = '; ';

/** Rows of a table in that form. */
export interface CopiedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly bytes: Buffer;
  readonly count: number;
}

/**
 * Puts rows into tables, in the form of `BinaryRows`: of many small rows the engine reads and stores each in half the time
 * that it takes for a statement's values. All are stored or none, also without a transaction around it. The drivers have ways
 * of their own for it; here it is a statement like any other, whose values are the rows of each table.
 */
export async function copyIn(db: Database, copies: readonly CopiedRows[]): Promise<void> {
  const some = copies.filter(({ count }) => count > 0);
  if (some.length === 0) return;
  const texts = some.map(({ table, columns }) => `${MARK}${table} (${columns.join(', ')}) ${SOURCE} (format binary)`);
  await rows(
    db,
    new Ready(
      texts.join(SEPARATOR),
      some.map(({ bytes }) => bytes),
    ),
  );
}

/** Whether the statement is one of these. */
export function isCopy(text: string): boolean {
  return text.startsWith(MARK);
}

/** The same, table by table, for the embedded engine, which reads the rows of a blob that is given beside each. */
export function fromBlobs(text: string): string[] {
  return text.split(SEPARATOR).map((one) => one.replace(SOURCE, "from '/dev/blob'"));
}

interface Wire {
  readonly stream: { cork(): void; write(bytes: Buffer): void; uncork(): void };
  query(text: string): void;
  endCopyFrom(): void;
}

/** Kind and length of the message of the protocol that carries rows ("CopyData"). */
const COPY_DATA = 0x64;
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/**
 * Copies on their way to PostgreSQL. The rows are sent with the text instead of when they are asked for: each question would
 * cost as much as some rows do. What comes after a copy that was refused PostgreSQL passes over (its documentation of the
 * protocol, "COPY Operations"), as long as it comes there: a pooler of transactions gives the connection to somebody else
 * when the transaction is over, and sends the rest of the rows to another. So where there is no transaction, the message has
 * its own, and one that was refused stays open until it is ended by `END_REFUSED`.
 */
export class CopyStatement<Row> extends Statement<Row> {
  readonly #copies: readonly Buffer[];

  constructor(text: string, copies: readonly Buffer[]) {
    super(text, []);
    this.#copies = copies;
  }

  override submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    wire.stream.cork();
    wire.query(this.text);
    for (const bytes of this.#copies) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt8(COPY_DATA);
      header.writeInt32BE(LENGTH_BYTES + bytes.length, 1);
      // By pg's own way it would be copied twice, into a place that stays as large for good.
      wire.stream.write(header);
      wire.stream.write(bytes);
      wire.endCopyFrom();
    }
    wire.stream.uncork();
  }
}

/** What ends the transaction of copies by themselves that were refused. */
export const END_REFUSED = 'rollback';

/** Such copies as a statement for pg, in a transaction of their own or in one that is there. */
export function copyStatement<Row>(text: string, copies: readonly unknown[], byItself: boolean): CopyStatement<Row> {
  const whole = byItself ? ['begin', text, 'commit'].join(SEPARATOR) : text;
  return new CopyStatement(whole, copies as readonly Buffer[]);
}
