/** How many resources lie side by side: as many as fit into the cache of a core with what is known of them. */
export const CHUNK = 16_384;
/** Words that hold a bit for each of them. */
export const BIT_WORDS = CHUNK / 32;

/** One bit for each resource of a chunk, from the lowest of the first word on. */
export type Bits = Uint32Array;

/** Sets the bits of those that have the number; the others it clears. */
export function selectNumber(numbers: Uint16Array, number: number, out: Bits): void {
  let at = 0;
  for (let word = 0; word < BIT_WORDS; word++) {
    let bits = 0;
    // By fours: one by one takes half as long again. Only of what is equal the difference is less than 1, which sets the sign.
    for (let bit = 0; bit < 32; bit += 4, at += 4) {
      const first = (((numbers[at] as number) ^ number) - 1) >>> 31;
      const second = (((numbers[at + 1] as number) ^ number) - 1) >>> 31;
      const third = (((numbers[at + 2] as number) ^ number) - 1) >>> 31;
      const fourth = (((numbers[at + 3] as number) ^ number) - 1) >>> 31;
      bits |= (first | (second << 1) | (third << 2) | (fourth << 3)) << bit;
    }
    out[word] = bits;
  }
}

/** Sets what is not set, and clears the others. */
export function invert(out: Bits): void {
  for (let word = 0; word < BIT_WORDS; word++) out[word] = ~(out[word] as number);
}

/** Keeps what is in both. */
export function keepBoth(out: Bits, other: Bits): void {
  for (let word = 0; word < BIT_WORDS; word++) out[word] = (out[word] as number) & (other[word] as number);
}

/** Adds what is in the other. */
export function addBits(out: Bits, other: Bits): void {
  for (let word = 0; word < BIT_WORDS; word++) out[word] = (out[word] as number) | (other[word] as number);
}

/** How many are in both. */
export function countBoth(one: Bits, other: Bits): number {
  let total = 0;
  for (let word = 0; word < BIT_WORDS; word++) total += countOf((one[word] as number) & (other[word] as number));
  return total;
}

/** Sets or clears the bit; gives whether it was set before. */
export function setBit(bits: Bits, at: number, value: boolean): boolean {
  const [word, mask] = [at >>> 5, 1 << (at & 31)];
  const was = ((bits[word] as number) & mask) !== 0;
  bits[word] = value ? (bits[word] as number) | mask : (bits[word] as number) & ~mask;
  return was;
}

/** The bits that are set in a word: summed by twos, by fours, by eights, and all together by a product. */
function countOf(word: number): number {
  const twos = word - ((word >>> 1) & 0x5555_5555);
  const fours = (twos & 0x3333_3333) + ((twos >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
