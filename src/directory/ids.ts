import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes of an id. */
const RANDOM_BYTES = 16;
/** Ids whose randomness is drawn at a time: one draw costs as much for a thousand bytes as for a few. */
const DRAWN_AT_ONCE = 64;

/** Makes UUIDs of version 7, each higher than those before it (RFC 9562 §6.2, a counter that begins anywhere). */
export function createIds(now: () => number = Date.now): () => string {
  const drawn = new Uint8Array(RANDOM_BYTES * DRAWN_AT_ONCE);
  let at = drawn.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn);
      at = 0;
    }
    const random = drawn.subarray(at, at + RANDOM_BYTES);
    at += RANDOM_BYTES;
    const time = now();
    if (time > msecs) {
      msecs = time;
      seq = beginning(random);
    } else {
      seq = (seq + 1) | 0;
      // The counter is used up: the ids run ahead of the clock.
      if (seq === 0) msecs += 1;
    }
    return v7({ msecs, seq, random });
  };
}

/** A number of 31 bits, so that there is room to count on; of bytes that are not in the id otherwise. */
function beginning(random: Uint8Array): number {
  return (new DataView(random.buffer, random.byteOffset).getUint32(6) & 0x7fff_ffff) | 0;
}
