let lastTime = Number.NaN;
let lastText = '';

/**
 * The instant in the form of RFC 7643 §2.3.5, in UTC and with milliseconds. A change tells its instant half a dozen times, and
 * those that come together have the same: to write it out takes longer than to see that it is the last one.
 */
export function instantText(instant: Date): string {
  const time = instant.getTime();
  if (time !== lastTime) {
    lastText = instant.toISOString();
    lastTime = time;
  }
  return lastText;
}
