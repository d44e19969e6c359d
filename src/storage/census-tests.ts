import { addBits, BIT_WORDS, type Bits, CHUNK, invert, keepBoth, selectNumber } from './census-bits.ts';
import type { CensusQuestion, ValueQuestion } from './census-question.ts';

/** What is known of the values of an attribute: for each resource the number of its value; 0 where it has none. */
export interface CensusColumn {
  readonly numbers: Map<string, number>;
  readonly chunks: Uint16Array[];
  /** What the values take, about. */
  bytes: number;
}

/** Who has a number of an attribute, chunk after chunk, under a name of the two. */
export type Holders = Map<string, Bits[]>;

/** Tests a chunk, and sets the bit of each that is selected; gives how many values were looked at. */
export type Test = (chunk: number, out: Bits) => number;

/** A number that no value has. */
const NOBODYS = 2 ** 16;
/** What it takes to join the bits of a chunk, in values that are looked at. */
const JOINED = CHUNK / 32;

/**
 * The test of the question. Whoever is known to have a value is not looked for again, and whom it finds it puts into `found`: the
 * leaves of a filter are counted one by one before they are joined. Throws what `columnOf` throws.
 */
export function testOf(
  question: CensusQuestion,
  columnOf: (attribute: number) => CensusColumn,
  known: Holders,
  found: Holders,
): Test {
  if (question.kind === 'value') return testOfValue(question, columnOf(question.attribute), known, found);
  const tests = question.questions.map((one) => testOf(one, columnOf, known, found));
  return joined(question.kind, tests);
}

function testOfValue(
  { attribute, needle, negated }: ValueQuestion,
  { numbers, chunks }: CensusColumn,
  known: Holders,
  found: Holders,
): Test {
  // Any value is what they have who do not have none.
  const isAny = needle === undefined;
  const number = isAny ? 0 : (needle !== null && numbers.get(needle)) || NOBODYS;
  const name = `${attribute} ${number}`;
  const holders = known.get(name) ?? found.get(name) ?? [];
  if (!known.has(name)) found.set(name, holders);
  return (chunk, out) => {
    const bits = holders[chunk];
    if (bits) out.set(bits);
    else holders[chunk] = holdersIn(chunks[chunk], number, out);
    if (isAny !== negated) invert(out);
    return bits ? JOINED : CHUNK;
  };
}

function holdersIn(numbers: Uint16Array | undefined, number: number, out: Bits): Bits {
  if (!numbers) throw new Error('A chunk has no values.');
  selectNumber(numbers, number, out);
  return out.slice();
}

function joined(kind: 'and' | 'or', tests: readonly Test[]): Test {
  const other = new Uint32Array(BIT_WORDS);
  const join = kind === 'and' ? keepBoth : addBits;
  return (chunk, out) => {
    out.fill(kind === 'and' ? -1 : 0);
    let looked = 0;
    for (const test of tests) {
      looked += test(chunk, other);
      join(out, other);
    }
    return looked;
  };
}
