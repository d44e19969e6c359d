import { setTimeout as wait } from 'node:timers/promises';
import { Census, CensusError } from './census.ts';
import { type CensusOf, censusChanges, censusEvents, censusIds, censusValues, replayedAt } from './census-rows.ts';
import type { Database } from './handle.ts';
import { lowestIdAt } from './ids.ts';

/** How late a change may become visible after its event was made; one that is later still is not counted until the next census. */
export const CENSUS_LATE_MS = 15_000;
/** Most changes between two looks, beyond which a census is given up. */
export const MOST_CHANGES = 20_000;
/** Changed resources whose values are read at a time. */
const CHANGES_AT_ONCE = 1000;

const NONE: ReadonlySet<string> = new Set();

/** A census that is gathered from a database and learns from its events what has changed. */
export class FollowedCensus {
  readonly of: CensusOf;
  readonly census = new Census();
  readonly #db: Database;
  readonly #now: () => number;
  /** Attributes whose values are all in it; the one that was used longest ago is the first. */
  readonly #told = new Set<number>();
  /** Whatever was committed before that, it has learned. */
  #lookedAt = 0;
  /** The events that the last look found, of which the next one need not learn again. */
  #seen = NONE;
  /** The look that is under way. */
  #look: Promise<void> | undefined;
  #isReplica = true;

  constructor(db: Database, { tenantId, type }: CensusOf, now: () => number) {
    this.#db = db;
    this.of = { tenantId, type };
    this.#now = now;
  }

  /** The attributes whose values it has, the one that was used longest ago first. */
  get told(): ReadonlySet<number> {
    return this.#told;
  }

  /** Notes that values of the attribute were used. */
  used(attribute: number): void {
    if (this.#told.delete(attribute)) this.#told.add(attribute);
  }

  /** Gathers all that there are; `check` is called after each part, and may throw. */
  async gather(check: () => void): Promise<void> {
    this.#lookedAt = await this.#time();
    for await (const ids of inPeace(censusIds(this.#db, this.of))) {
      this.census.add(ids);
      check();
    }
  }

  /** Gathers who has which value of the attribute, or nothing of it where that fails; `check` is called before, too. */
  async tell(attribute: number, check: () => void): Promise<void> {
    const since = await this.#time();
    this.census.addColumn(attribute);
    try {
      check();
      for await (const found of inPeace(censusValues(this.#db, this.of, attribute))) {
        for (const { value, ids } of found) this.census.tell(attribute, value, ids);
        check();
      }
      // What changed meanwhile may have been told as it was before: the next look learns of it anew.
      while (this.#look) await this.#look;
    } catch (error) {
      this.census.removeColumn(attribute);
      throw error;
    }
    [this.#lookedAt, this.#seen] = [Math.min(this.#lookedAt, since), NONE];
    this.#told.add(attribute);
  }

  /** Forgets the values of the attribute. */
  drop(attribute: number): void {
    this.#told.delete(attribute);
    this.census.removeColumn(attribute);
  }

  /** Resolves when all is in it that was committed so many milliseconds ago. */
  async follow(age: number): Promise<void> {
    const now = this.#now();
    // One that is under way may have begun too long ago.
    await this.#look;
    // A clock may have been set back.
    if (this.#lookedAt > now - age && this.#lookedAt <= this.#now()) return;
    this.#look ??= this.#learn().finally(() => {
      this.#look = undefined;
    });
    await this.#look;
  }

  /** Learns what has changed since the last look. */
  async #learn(): Promise<void> {
    const at = await this.#time();
    const from = lowestIdAt(new Date(this.#lookedAt - CENSUS_LATE_MS));
    const events = await censusEvents(this.#db, this.of, from, MOST_CHANGES + 1);
    if (events.length > MOST_CHANGES) throw new CensusError('Too much has changed.');
    const unseen = events.filter(({ id }) => !this.#seen.has(id));
    const changed = [...new Set(unseen.map(({ resourceId }) => resourceId))];
    for (let begin = 0; begin < changed.length; begin += CHANGES_AT_ONCE) {
      const ids = changed.slice(begin, begin + CHANGES_AT_ONCE);
      this.census.learn(ids, await censusChanges(this.#db, this.of, ids, this.census.attributes));
    }
    this.#seen = new Set(events.map(({ id }) => id));
    this.#lookedAt = at;
  }

  /** Until when all that was committed can be read by now: a replica may be behind. */
  async #time(): Promise<number> {
    const now = this.#now();
    if (!this.#isReplica) return now;
    const replayed = await replayedAt(this.#db);
    if (!replayed) this.#isReplica = false;
    return Math.min(now, replayed?.getTime() ?? now);
  }
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
