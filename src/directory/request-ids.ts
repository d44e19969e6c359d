/** Ids in the order in which they are made: UUIDs of version 7 (RFC 9562 §5.7) of the time when requests are answered. */
export type RequestIds = () => string;

const MOST_IN_MILLISECOND = 0xffffff;

/**
 * Makes ids by the clock and a sequence. What makes those of one process different from those of all others is random and
 * drawn once: randomness for each would cost more than all else that is done to keep a request.
 */
export function createRequestIds(clock: () => Date, newId: () => string): RequestIds {
  const own = newId().slice(-12);
  let millisecond = 0;
  let sequence = 0;
  return () => {
    const now = clock().getTime();
    // The clock may be set back, and a millisecond may be full: then the ids run ahead of it.
    if (now > millisecond) [millisecond, sequence] = [now, 0];
    else if (++sequence > MOST_IN_MILLISECOND) [millisecond, sequence] = [millisecond + 1, 0];
    const time = hex(millisecond, 12);
    const number = hex(sequence, 6);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${number.slice(0, 3)}-8${number.slice(3)}-${own}`;
  };
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
