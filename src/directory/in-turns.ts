import { setImmediate } from 'node:timers/promises';

/** How many are worked on before others have their turn: about a millisecond for lines of an import. */
const AT_ONCE = 16;

/**
 * What is made of each, in their order. Now and then others have a turn, above all answers of the database, which has
 * nothing to do until the next statement is sent.
 */
export async function inTurns<T, Made>(list: readonly T[], make: (one: T) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let from = 0; from < list.length; from += AT_ONCE) {
    if (from > 0) await setImmediate();
    made.push(...(await Promise.all(list.slice(from, from + AT_ONCE).map(make))));
  }
  return made;
}
