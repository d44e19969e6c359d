import { hash } from 'node:crypto';

/** 96 bits of a hash and the line: no two ids of a file will ever share the former. */
const WORDS = 4;
const KEY_WORDS = 3;
const FIRST_PLACES = 1024;
/** Part of the places that is taken before there are twice as many. */
const FULLEST = 0.7;
const WORD_DIGITS = 8;

/**
 * The ids that the lines of a file have, each with the first line that has it. A table of hashes without objects: it stays
 * small with millions of them, and has no more work for the collector of garbage than with none.
 */
export class SourceIds {
  #table = new Uint32Array(FIRST_PLACES * WORDS);
  #count = 0;

  /** Takes in the id of a line, counted from 1; false when an earlier one has it. */
  add(source: string, line: number): boolean {
    const key = keyOf(source);
    const at = placeOf(this.#table, key);
    if (this.#table[at + KEY_WORDS] !== 0) return false;
    if ((this.#count + 1) * WORDS > this.#table.length * FULLEST) {
      this.#table = enlarged(this.#table);
      put(this.#table, placeOf(this.#table, key), key, line);
    } else put(this.#table, at, key, line);
    this.#count += 1;
    return true;
  }

  /** Whether a line of the file has the id. */
  has(source: string): boolean {
    return this.lineOf(source) !== undefined;
  }

  /** The first line that has the id. */
  lineOf(source: string): number | undefined {
    return this.#table[placeOf(this.#table, keyOf(source)) + KEY_WORDS] || undefined;
  }
}

type Key = readonly [number, number, number];

/** Where the key is, or where it would be put: no place has the line 0. */
function placeOf(table: Uint32Array, [first, second, third]: Key): number {
  const places = table.length / WORDS;
  for (let place = first % places; ; place = (place + 1) % places) {
    const at = place * WORDS;
    if (table[at + KEY_WORDS] === 0) return at;
    if (table[at] === first && table[at + 1] === second && table[at + 2] === third) return at;
  }
}

function put(table: Uint32Array, at: number, key: Key, line: number): void {
  table.set(key, at);
  table[at + KEY_WORDS] = line;
}

function enlarged(table: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(table.length * 2);
  for (let at = 0; at < table.length; at += WORDS) {
    const [first = 0, second = 0, third = 0, line = 0] = table.subarray(at, at + WORDS);
    const key: Key = [first, second, third];
    if (line !== 0) put(larger, placeOf(larger, key), key, line);
  }
  return larger;
}

function keyOf(source: string): Key {
  // As text, which is quicker to get than bytes.
  const digest = hash('sha256', source);
  const word = (at: number) => Number.parseInt(digest.slice(at, at + WORD_DIGITS), 16);
  return [word(0), word(WORD_DIGITS), word(2 * WORD_DIGITS)];
}
