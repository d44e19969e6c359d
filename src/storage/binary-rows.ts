import { textArray } from './text-array.ts';

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
/** Up to which length a text is written letter by letter: to call the engine for it takes longer. */
const SHORT_TEXT = 48;
const ASCII_END = 0x80;

/**
 * Rows in the binary form that `copy … from` takes (PostgreSQL's documentation of COPY, "Binary Format"). A row is begun
 * with the number of its fields, which are then put in the order of its columns.
 */
export class BinaryRows {
  #bytes: Buffer;
  #view: DataView;
  #end = HEADER_BYTES;

  constructor(expectedBytes = 0) {
    this.#bytes = Buffer.allocUnsafe(HEADER_BYTES + expectedBytes);
    this.#view = viewOf(this.#bytes);
    SIGNATURE.copy(this.#bytes);
    this.#bytes.fill(0, SIGNATURE.length, HEADER_BYTES);
  }

  /** Begins a row. */
  row(fields: number): this {
    this.#room(2);
    this.#view.setInt16(this.#end, fields);
    this.#end += 2;
    return this;
  }

  int(value: number): this {
    if (value !== (value | 0)) throw new RangeError(`${value} is no integer of 32 bits`);
    this.#room(LENGTH_BYTES + 4);
    this.#word(4);
    this.#word(value);
    return this;
  }

  smallint(value: number): this {
    // What does not fit would be cut.
    if (value !== (value << 16) >> 16) throw new RangeError(`${value} is no integer of 16 bits`);
    this.#room(LENGTH_BYTES + 2);
    this.#word(2);
    this.#view.setInt16(this.#end, value);
    this.#end += 2;
    return this;
  }

  instant(value: Date): this {
    this.#room(LENGTH_BYTES + 8);
    this.#word(8);
    this.#view.setBigInt64(this.#end, BigInt(value.getTime() - EPOCH_MS) * 1000n);
    this.#end += 8;
    return this;
  }

  /** An id, as `uuidBytes` gives it. */
  uuid(value: Buffer): this {
    this.#room(LENGTH_BYTES + UUID_BYTES);
    this.#word(UUID_BYTES);
    const [bytes, start] = [this.#bytes, this.#end];
    for (let at = 0; at < UUID_BYTES; at++) bytes[start + at] = value[at] ?? 0;
    this.#end += UUID_BYTES;
    return this;
  }

  text(value: string | null): this {
    if (value === null) {
      this.#room(LENGTH_BYTES);
      this.#word(NULL);
      return this;
    }
    this.#room(LENGTH_BYTES + value.length * BYTES_A_UNIT);
    this.#sizedText(value);
    return this;
  }

  /** A list of texts, for a column of the type `text[]`. */
  texts(values: readonly string[]): this {
    const list = textArray(values);
    this.#room(LENGTH_BYTES + list.length);
    this.#word(list.length);
    this.#end += list.copy(this.#bytes, this.#end);
    return this;
  }

  /** All of it; nothing can be put behind. */
  finished(): Buffer {
    this.row(END_OF_ROWS);
    return this.#bytes.subarray(0, this.#end);
  }

  #sizedText(value: string): void {
    const start = this.#end + LENGTH_BYTES;
    const length = this.#asciiAt(value, start) ?? this.#bytes.write(value, start);
    this.#word(length);
    this.#end += length;
  }

  /** Writes a short text that is all ASCII and gives its length; else undefined. */
  #asciiAt(value: string, start: number): number | undefined {
    const { length } = value;
    if (length > SHORT_TEXT) return undefined;
    const bytes = this.#bytes;
    for (let at = 0; at < length; at++) {
      const unit = value.charCodeAt(at);
      if (unit >= ASCII_END) return undefined;
      bytes[start + at] = unit;
    }
    return length;
  }

  /** Writes 32 bits, for which there is room. */
  #word(value: number): void {
    this.#view.setInt32(this.#end, value);
    this.#end += 4;
  }

  #room(needed: number): void {
    if (this.#end + needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + needed);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The bytes of an id. */
export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
