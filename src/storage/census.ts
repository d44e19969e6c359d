import { setImmediate } from 'node:timers/promises';
import { BIT_WORDS, type Bits, CHUNK, countBoth, setBit } from './census-bits.ts';
import type { CensusQuestion } from './census-question.ts';
import { type CensusColumn, type Holders, testOf } from './census-tests.ts';
import { makeRoom } from './make-room.ts';

/** Most different values of an attribute that are told apart. */
export const MOST_VALUES = 65_535;
/** Most resources that were made since all were gathered. */
export const MOST_LATE = 50_000;

/** Most totals that are remembered until something changes. */
const TOTALS_SIZE = 100;
/** Most values of which it is remembered as long who has them: a bit for each resource. */
export const HOLDERS_SIZE = 32;
const ID_BYTES = 16;
const NUMBER_BYTES = 2;
/** What an entry of a map takes beside its text, about. */
const ENTRY_BYTES = 100;
const WORDS = 4;
/** Values looked at in a row, after which whatever else waits has its turn: some milliseconds. */
const AT_ONCE = 200 * CHUNK;

/** A value that a resource has of an attribute. */
export interface CensusValue {
  readonly id: string;
  /** Null where it has none. */
  readonly attribute: number | null;
  readonly value: string | null;
}

/** What was counted since anything was told. */
class Counts {
  readonly totals = new Map<string, number>();
  readonly holders: Holders = new Map();
}

/** Thrown where there is more than can be told apart. */
export class CensusError extends Error {}

/**
 * All resources of a tenant and type, in memory: their ids, and of some attributes which value each has. To count by it takes
 * less than a millisecond for each million and value, and next to nothing where it is known already who has the value. It knows no
 * database: what is in it is as old as what it was told last.
 */
export class Census {
  readonly #ids: Uint32Array[] = [];
  readonly #present: Bits[] = [];
  readonly #columns = new Map<number, CensusColumn>();
  readonly #late = new Map<string, number>();
  #counts = new Counts();
  #length = 0;
  #inOrder = 0;
  #size = 0;

  /** How many resources there are. */
  get size(): number {
    return this.#size;
  }

  /** How much memory it takes, about. */
  get bytes(): number {
    let bytes = this.#ids.length * CHUNK * ID_BYTES + this.#late.size * ENTRY_BYTES;
    for (const column of this.#columns.values()) bytes += this.#ids.length * CHUNK * NUMBER_BYTES + column.bytes;
    return bytes + this.#counts.holders.size * this.#ids.length * (CHUNK / 8);
  }

  /** An id that about half of the resources are below; undefined where there are none. */
  get middle(): string | undefined {
    const place = Math.floor(this.#inOrder / 2);
    const words = this.#ids[Math.floor(place / CHUNK)]?.subarray(
      (place % CHUNK) * WORDS,
      (place % CHUNK) * WORDS + WORDS,
    );
    return words && textOfWords(words);
  }

  /** The attributes whose values it has, or is being told. */
  get attributes(): number[] {
    return [...this.#columns.keys()];
  }

  /** Adds resources by their ids, 16 octets each; in the order of their ids, and before anything else is told. */
  add(ids: Uint8Array): void {
    eachId(ids, (words) => {
      if (this.#length > 0 && this.#compare(this.#length - 1, words) >= 0)
        throw new CensusError('Ids came in no order.');
      this.#append(words);
      this.#inOrder = this.#length;
    });
  }

  /** Begins with an attribute of which nobody has a value yet. */
  addColumn(attribute: number): void {
    this.#columns.set(attribute, { numbers: new Map(), chunks: this.#ids.map(() => new Uint16Array(CHUNK)), bytes: 0 });
    this.#counts = new Counts();
  }

  /** Forgets the values of an attribute. */
  removeColumn(attribute: number): void {
    this.#columns.delete(attribute);
  }

  /** Tells the value of the resources with these ids, 16 octets each; of resources that it does not know it is not told. */
  tell(attribute: number, value: string, ids: Uint8Array): void {
    const column = this.#columns.get(attribute);
    if (!column) return;
    const number = numberIn(column, value);
    // They mostly come in the order of their ids.
    let from = 0;
    eachId(ids, (words) => {
      const place = this.#placeOf(words, from);
      if (place === undefined) return;
      set(column, place, number);
      from = place;
    });
    this.#counts = new Counts();
  }

  /** Tells what has become of resources: of each that is still there, its values of all attributes. */
  learn(changed: readonly string[], values: readonly CensusValue[]): void {
    this.#counts = new Counts();
    const there = new Set(values.map(({ id }) => id));
    for (const id of changed) this.#renew(id, there.has(id));
    for (const { id, attribute, value } of values) {
      const column = attribute === null ? undefined : this.#columns.get(attribute);
      const place = this.#placeOf(wordsOfText(id));
      if (column && place !== undefined && value !== null) set(column, place, numberIn(column, value));
    }
  }

  /** How many the question selects, of all that it knows; the question asks for nothing whose values it does not have. */
  async count(question: CensusQuestion | undefined): Promise<number> {
    if (!question) return this.#size;
    const key = JSON.stringify(question);
    const { totals, holders } = this.#counts;
    const known = totals.get(key);
    if (known !== undefined) return known;
    const found: Holders = new Map();
    const test = testOf(question, (attribute) => this.#columnOf(attribute), holders, found);
    const out = new Uint32Array(BIT_WORDS);
    let [total, looked] = [0, 0];
    // What is added meanwhile is no part of it: a column that is forgotten meanwhile does not get it.
    for (const [index, present] of [...this.#present].entries()) {
      looked += test(index, out);
      total += countBoth(out, present);
      if (looked < AT_ONCE) continue;
      looked = 0;
      await setImmediate();
    }
    makeRoom(totals, TOTALS_SIZE);
    totals.set(key, total);
    for (const [name, bits] of found) {
      makeRoom(holders, HOLDERS_SIZE);
      holders.set(name, bits);
    }
    return total;
  }

  #columnOf(attribute: number): CensusColumn {
    const column = this.#columns.get(attribute);
    if (!column) throw new CensusError('The values of an attribute are not known.');
    return column;
  }

  #renew(id: string, isThere: boolean): void {
    const words = wordsOfText(id);
    const place = this.#placeOf(words) ?? (isThere ? this.#addLate(words) : undefined);
    if (place === undefined) return;
    const present = this.#present[Math.floor(place / CHUNK)];
    if (!present) return;
    const was = setBit(present, place % CHUNK, isThere);
    this.#size += Number(isThere) - Number(was);
    for (const column of this.#columns.values()) set(column, place, 0);
  }

  #addLate(words: Words): number {
    if (this.#late.size >= MOST_LATE) throw new CensusError('Too many are new.');
    const place = this.#append(words);
    this.#late.set(words.join(), place);
    return place;
  }

  #append(words: Words): number {
    const place = this.#length++;
    if (place % CHUNK === 0) {
      this.#ids.push(new Uint32Array(CHUNK * WORDS));
      this.#present.push(new Uint32Array(BIT_WORDS));
      for (const { chunks } of this.#columns.values()) chunks.push(new Uint16Array(CHUNK));
    }
    this.#ids.at(-1)?.set(words, (place % CHUNK) * WORDS);
    setBit(this.#present.at(-1) as Bits, place % CHUNK, true);
    this.#size += 1;
    return place;
  }

  /** Where the resource is, sought from a place on. */
  #placeOf(words: Words, from = 0): number | undefined {
    let low = from < this.#inOrder && this.#compare(from, words) <= 0 ? from : 0;
    let high = low;
    for (let step = 1; high < this.#inOrder && this.#compare(high, words) < 0; step *= 2) {
      low = high + 1;
      high += step;
    }
    high = Math.min(high, this.#inOrder);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, words) < 0) low = middle + 1;
      else high = middle;
    }
    if (low < this.#inOrder && this.#compare(low, words) === 0) return low;
    return this.#late.size === 0 ? undefined : this.#late.get(words.join());
  }

  /** Less than 0 where the id at the place comes first, more where the other one does. */
  #compare(place: number, words: Words): number {
    const ids = this.#ids[Math.floor(place / CHUNK)] as Words;
    const at = (place % CHUNK) * WORDS;
    for (let word = 0; word < WORDS; word++) {
      const difference = (ids[at + word] as number) - (words[word] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** An id as four numbers of 32 bits. */
type Words = Uint32Array;

/** Does something with each id; the words are only lent. */
function eachId(ids: Uint8Array, work: (words: Words) => void): void {
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
  const words = new Uint32Array(WORDS);
  for (let at = 0; at < ids.byteLength; at += ID_BYTES) {
    for (let word = 0; word < WORDS; word++) words[word] = view.getUint32(at + word * 4);
    work(words);
  }
}

function wordsOfText(id: string): Words {
  const hex = id.replaceAll('-', '');
  return Uint32Array.from({ length: WORDS }, (_, word) => Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16));
}

function textOfWords(words: Words): string {
  const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function numberIn(column: CensusColumn, value: string): number {
  const { numbers } = column;
  const known = numbers.get(value);
  if (known !== undefined) return known;
  if (numbers.size >= MOST_VALUES) throw new CensusError('An attribute has too many values.');
  const number = numbers.size + 1;
  numbers.set(value, number);
  column.bytes += ENTRY_BYTES + 2 * value.length;
  return number;
}

function set({ chunks }: CensusColumn, place: number, number: number): void {
  const chunk = chunks[Math.floor(place / CHUNK)];
  if (chunk) chunk[place % CHUNK] = number;
}
