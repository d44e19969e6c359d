import { setTimeout as wait } from 'node:timers/promises';
import { Census, CensusError } from './census.ts';
import { attributesAsked, type CensusQuestion } from './census-question.ts';
import { type CensusOf, censusChanges, censusEvents, censusIds, censusValues } from './census-rows.ts';
import { COUNT_SECONDS } from './counts.ts';
import type { Database } from './handle.ts';
import { lowestIdAt } from './ids.ts';
import { makeRoom } from './make-room.ts';

/** Of which directories there is a census, and what it may take. */
export interface CensusLimits {
  /** Resources of a type from which on there is one: fewer are counted by the database as soon. */
  readonly least: number;
  /** Most memory that all of them take, about. */
  readonly bytes: number;
  /** How long one is kept, and how long none is tried again where there can be none. */
  readonly seconds: number;
  /** How old what it tells may be, in seconds. */
  readonly age: number;
}

/** What holds unless something else is said. */
export const CENSUS_LIMITS: CensusLimits = {
  least: 50_000,
  bytes: 128 * 1024 * 1024,
  seconds: 15 * 60,
  age: COUNT_SECONDS,
};
/** How late a change may become visible after its event was made; one that is later still is not counted until the next census. */
export const CENSUS_LATE_MS = 15_000;
/** Most changes between two looks, beyond which a census is made anew. */
export const MOST_CHANGES = 20_000;
/** Most attributes of which a census has the values. */
export const MOST_COLUMNS = 16;
/** Most of what can't be counted that is remembered. */
const REFUSED_SIZE = 1000;
/** Most wishes that wait. */
const WISHES_SIZE = 100;
/** Changed resources whose values are read at a time. */
const CHANGES_AT_ONCE = 1000;

/** Resources of a type that are counted: all, or those that a question selects. */
export interface Asked extends CensusOf {
  readonly question: CensusQuestion | undefined;
}

const known = new WeakMap<Database, Censuses>();

/** The censuses of a database; the limits are those of whoever asks first. */
export function censusesOf(db: Database, limits: CensusLimits = CENSUS_LIMITS): Censuses {
  const found = known.get(db) ?? new Censuses(db, limits);
  known.set(db, found);
  return found;
}

/** How many a census says are selected, as of a while ago; undefined where there is none that does. */
export async function toldAbout(db: Database, asked: Asked): Promise<number | undefined> {
  return known.get(db)?.about(asked);
}

/** A census that is kept. */
interface Kept {
  readonly of: CensusOf;
  readonly census: Census;
  /** Attributes whose values are all in it. */
  readonly told: Set<number>;
  /** Whatever was committed before that, it has learned. */
  lookedAt: number;
  /** The events that the last look found, of which the next one need not learn again. */
  seen: ReadonlySet<string>;
  /** The look that is under way. */
  look?: Promise<void> | undefined;
}

/**
 * Directories whose resources are counted in memory, since the database counts a million in the time of fifty pages. A census is
 * made aside, of what was counted the slow way; from then on it follows the events, which tell of each change in whatever
 * process. What it tells is as old as totals that are remembered may be.
 */
export class Censuses {
  readonly #db: Database;
  readonly #limits: CensusLimits;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  /** What can't be counted so, or need not, and until when that is believed: a directory, or an attribute in it. */
  readonly #refused = new Map<string, number>();
  readonly #wishes = new Map<string, Asked>();
  #granting: Promise<void> | undefined;

  constructor(db: Database, limits: CensusLimits, now: () => number = Date.now) {
    this.#db = db;
    this.#limits = limits;
    this.#now = now;
  }

  /** How many are selected; undefined where that is not known in memory. */
  async total(asked: Asked): Promise<number | undefined> {
    const one = this.#answering(asked);
    if (!one) return undefined;
    const key = keyOf(asked);
    try {
      await this.#look(one);
      // What was used last is forgotten last.
      if (this.#kept.delete(key)) this.#kept.set(key, one);
      return await one.census.count(asked.question);
    } catch {
      // Whoever asks has it counted by the database then, and hears what is wrong with that.
      this.#forget(one);
      return undefined;
    }
  }

  /** How many were selected a while ago, without a question to the database; undefined where that is not known. */
  async about(asked: Asked): Promise<number | undefined> {
    return this.#answering(asked)?.census.count(asked.question);
  }

  #answering(asked: Asked): Kept | undefined {
    const one = this.#kept.get(keyOf(asked));
    return one && missingIn(one, asked).length === 0 ? one : undefined;
  }

  /** Has it known some time later, where there are enough to be worth it. Resolves then, which nobody has to wait for. */
  wish(asked: Asked): Promise<void> {
    makeRoom(this.#wishes, WISHES_SIZE);
    this.#wishes.set(JSON.stringify(asked), asked);
    // One at a time, so that the database has time for others.
    this.#granting ??= this.#grant().finally(() => {
      this.#granting = undefined;
    });
    return this.#granting;
  }

  async #grant(): Promise<void> {
    for (const [name, asked] of this.#wishes) {
      await this.#make(asked).catch(() => this.#refuse(keyOf(asked)));
      this.#wishes.delete(name);
    }
  }

  async #make(asked: Asked): Promise<void> {
    const key = keyOf(asked);
    if (this.#isRefused(key)) return;
    const one = this.#kept.get(key) ?? (await this.#gather(asked));
    if (!one) return;
    try {
      for (const attribute of missingIn(one, asked)) await this.#tell(one, attribute, asked);
    } catch (error) {
      this.#forget(one);
      throw error;
    }
  }

  /** Gathers all that there are. */
  async #gather({ tenantId, type }: CensusOf): Promise<Kept | undefined> {
    const one: Kept = {
      of: { tenantId, type },
      census: new Census(),
      told: new Set(),
      lookedAt: this.#now(),
      seen: NONE,
    };
    const key = keyOf(one.of);
    for await (const ids of inPeace(censusIds(this.#db, one.of))) {
      one.census.add(ids);
      this.#makeRoomFor(one);
    }
    if (one.census.size < this.#limits.least) {
      this.#refuse(key);
      return undefined;
    }
    this.#kept.set(key, one);
    setTimeout(() => this.#forget(one), this.#limits.seconds * 1000).unref();
    return one;
  }

  /** Has it told who has which value of the attribute. */
  async #tell(one: Kept, attribute: number, { question }: Asked): Promise<void> {
    const name = `${keyOf(one.of)}/${attribute}`;
    if (this.#isRefused(name)) return;
    const since = this.#now();
    const needed = question && attributesAsked(question);
    const spare = [...one.told].find((other) => !needed?.has(other));
    if (one.told.size >= MOST_COLUMNS && spare !== undefined) {
      one.told.delete(spare);
      one.census.removeColumn(spare);
    }
    one.census.addColumn(attribute);
    this.#makeRoomFor(one);
    try {
      for await (const found of inPeace(censusValues(this.#db, one.of, attribute))) {
        for (const { value, ids } of found) one.census.tell(attribute, value, ids);
      }
    } catch (error) {
      if (!(error instanceof CensusError)) throw error;
      one.census.removeColumn(attribute);
      this.#refuse(name);
      return;
    }
    // What changed meanwhile may have been told as it was before: the next look learns of it anew.
    while (one.look) await one.look;
    [one.lookedAt, one.seen] = [Math.min(one.lookedAt, since), NONE];
    one.told.add(attribute);
  }

  async #look(one: Kept): Promise<void> {
    const from = this.#now() - this.#limits.age * 1000;
    // One that is under way may have begun too long ago.
    await one.look;
    if (one.lookedAt > from) return;
    one.look ??= this.#lookSince(one).finally(() => {
      one.look = undefined;
    });
    await one.look;
  }

  /** Learns what has changed since the last look. */
  async #lookSince(one: Kept): Promise<void> {
    const { of, census, seen } = one;
    const at = this.#now();
    const from = lowestIdAt(new Date(one.lookedAt - CENSUS_LATE_MS));
    const events = await censusEvents(this.#db, of, from, MOST_CHANGES + 1);
    if (events.length > MOST_CHANGES) throw new CensusError('Too much has changed.');
    const changed = [...new Set(events.filter(({ id }) => !seen.has(id)).map(({ resourceId }) => resourceId))];
    for (let begin = 0; begin < changed.length; begin += CHANGES_AT_ONCE) {
      const ids = changed.slice(begin, begin + CHANGES_AT_ONCE);
      census.learn(ids, await censusChanges(this.#db, of, ids, census.attributes));
    }
    one.seen = new Set(events.map(({ id }) => id));
    one.lookedAt = at;
  }

  /** Forgets what was used longest ago, until what is kept has its place in memory. */
  #makeRoomFor(one: Kept): void {
    const others = [...this.#kept.values()].filter((other) => other !== one);
    let bytes = others.reduce((sum, { census }) => sum + census.bytes, one.census.bytes);
    for (const other of others) {
      if (bytes <= this.#limits.bytes) return;
      bytes -= other.census.bytes;
      this.#forget(other);
    }
    if (bytes > this.#limits.bytes) throw new CensusError('There are too many.');
  }

  #forget(one: Kept): void {
    if (this.#kept.get(keyOf(one.of)) === one) this.#kept.delete(keyOf(one.of));
  }

  #refuse(what: string): void {
    this.#refused.delete(what);
    makeRoom(this.#refused, REFUSED_SIZE);
    this.#refused.set(what, this.#now() + this.#limits.seconds * 1000);
  }

  #isRefused(what: string): boolean {
    return (this.#refused.get(what) ?? 0) > this.#now();
  }
}

const NONE: ReadonlySet<string> = new Set();

function keyOf({ tenantId, type }: CensusOf): string {
  return `${tenantId}/${type}`;
}

/** The attributes that are asked for and of which it does not have all values. */
function missingIn({ told }: Kept, { question }: Asked): number[] {
  return question ? [...attributesAsked(question)].filter((attribute) => !told.has(attribute)) : [];
}

/** The parts with pauses that are as long as it took to read each: the database has as much time for others. */
async function* inPeace<T>(parts: AsyncGenerator<T>): AsyncGenerator<T> {
  let began = performance.now();
  for await (const part of parts) {
    yield part;
    await wait(performance.now() - began, undefined, { ref: false });
    began = performance.now();
  }
}
