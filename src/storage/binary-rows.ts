const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Flags and the length of an extension, both none. */
const HEADER_BYTES = SIGNATURE.length + 8;
const LENGTH_BYTES = 4;
const NULL = -1;
const END_OF_ROWS = -1;
const UUID_BYTES = 16;
/** From when on PostgreSQL counts microseconds. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** Most bytes of a UTF-16 unit in UTF-8. */
const BYTES_A_UNIT = 3;

/**
 * Rows in the binary form that `copy … from` takes (PostgreSQL's documentation of COPY, "Binary Format"). A row is begun
 * with the number of its fields, which are then put in the order of its columns.
 */
export class BinaryRows {
  #bytes: Buffer;
  #end = HEADER_BYTES;

  constructor(expectedBytes = 0) {
    this.#bytes = Buffer.allocUnsafe(HEADER_BYTES + expectedBytes);
    SIGNATURE.copy(this.#bytes);
    this.#bytes.fill(0, SIGNATURE.length, HEADER_BYTES);
  }

  /** Begins a row. */
  row(fields: number): this {
    this.#room(2);
    this.#end = this.#bytes.writeInt16BE(fields, this.#end);
    return this;
  }

  int(value: number): this {
    this.#length(4, 4);
    this.#end = this.#bytes.writeInt32BE(value, this.#end);
    return this;
  }

  smallint(value: number): this {
    this.#length(2, 2);
    this.#end = this.#bytes.writeInt16BE(value, this.#end);
    return this;
  }

  instant(value: Date): this {
    this.#length(8, 8);
    const microseconds = BigInt(value.getTime() - EPOCH_MS) * 1000n;
    this.#end = this.#bytes.writeBigInt64BE(microseconds, this.#end);
    return this;
  }

  /** An id, as `uuidBytes` gives it. */
  uuid(value: Buffer): this {
    this.#length(UUID_BYTES, UUID_BYTES);
    this.#end += value.copy(this.#bytes, this.#end);
    return this;
  }

  text(value: string | null): this {
    if (value === null) {
      this.#length(NULL, 0);
      return this;
    }
    this.#room(LENGTH_BYTES + value.length * BYTES_A_UNIT);
    const length = this.#bytes.write(value, this.#end + LENGTH_BYTES);
    this.#bytes.writeInt32BE(length, this.#end);
    this.#end += LENGTH_BYTES + length;
    return this;
  }

  /** All of it; nothing can be put behind. */
  finished(): Buffer {
    this.row(END_OF_ROWS);
    return this.#bytes.subarray(0, this.#end);
  }

  #length(length: number, needed: number): void {
    this.#room(LENGTH_BYTES + needed);
    this.#end = this.#bytes.writeInt32BE(length, this.#end);
  }

  #room(needed: number): void {
    if (this.#end + needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + needed);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** The bytes of an id. */
export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
