import { randomFillSync } from 'node:crypto';

/** How many are drawn at a time: one draw from the system costs as much for a thousand bytes as for a few. */
const DRAWN_AT_ONCE = 64;

/** Gives so many random bytes each time, none of them twice; they are good until the next call. */
export function createDraws(size: number): () => Uint8Array {
  const drawn = new Uint8Array(size * DRAWN_AT_ONCE);
  let at = drawn.length;
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn);
      at = 0;
    }
    at += size;
    return drawn.subarray(at - size, at);
  };
}
