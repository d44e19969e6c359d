import { CensusError } from './census.ts';
import { attributesAsked, type CensusQuestion } from './census-question.ts';
import type { CensusOf } from './census-rows.ts';
import { COUNT_SECONDS } from './counts.ts';
import { FollowedCensus } from './followed-census.ts';
import type { Database } from './handle.ts';
import { makeRoom } from './make-room.ts';

/** Of which directories there is a census, and what it may take. */
export interface CensusLimits {
  /** Resources of a type from which on there is one: fewer are counted by the database as soon. */
  readonly least: number;
  /** Most memory that all of them take, about. */
  readonly bytes: number;
  /** How long one is kept, and how long none is tried again where there can be none. */
  readonly seconds: number;
  /** How long none is tried again that was forgotten before its time: to gather it may be dear. */
  readonly rest: number;
  /** How old what it tells may be, in seconds. */
  readonly age: number;
}

/** What holds unless something else is said. */
export const CENSUS_LIMITS: CensusLimits = {
  least: 50_000,
  bytes: 128 * 1024 * 1024,
  seconds: 5 * 60,
  rest: 60,
  age: COUNT_SECONDS,
};
/** Most attributes of which a census has the values. */
export const MOST_COLUMNS = 16;
/** Most of what can't be counted that is remembered. */
const REFUSED_SIZE = 1000;
/** Most wishes that wait. */
const WISHES_SIZE = 100;

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

interface Kept {
  readonly followed: FollowedCensus;
  readonly end: NodeJS.Timeout;
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
  /** The one that was used longest ago is the first. */
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

  /** How many are selected; undefined where that is not known in memory, or where it is likely to be less than `least`. */
  async total(asked: Asked, least = 0): Promise<number | undefined> {
    const followed = this.#answering(asked);
    if (!followed) return undefined;
    try {
      // To look at what has changed would be in vain.
      if (least > 0 && (await followed.census.count(asked.question)) < least / 2) return undefined;
      await followed.follow(this.#limits.age * 1000);
      // Meanwhile its values may have had to make room.
      if (this.#answering(asked) !== followed) return undefined;
      return await followed.census.count(asked.question);
    } catch {
      // Whoever asks has it counted by the database then, and hears what is wrong with that.
      this.#giveUp(followed);
      return undefined;
    }
  }

  /** How many were selected a while ago, without a question to the database; undefined where that is not known. */
  async about(asked: Asked): Promise<number | undefined> {
    return this.#answering(asked)?.census.count(asked.question);
  }

  /** An id that about half of all are below, where it is known in memory how many are selected; else undefined. */
  middle(asked: Asked): string | undefined {
    return this.#answering(asked)?.census.middle;
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
      await this.#make(asked);
      this.#wishes.delete(name);
    }
  }

  async #make(asked: Asked): Promise<void> {
    const key = keyOf(asked);
    const attributes = attributesOf(asked);
    if (this.#isRefused(key) || attributes.some((attribute) => this.#isRefused(`${key}/${attribute}`))) return;
    try {
      const followed = this.#kept.get(key)?.followed ?? (await this.#gather(asked));
      if (!followed) return;
      for (const attribute of attributes) if (!followed.told.has(attribute)) await this.#tell(followed, attribute);
    } catch (error) {
      this.#refuse(key, error);
    }
  }

  /** Gathers all that there are; undefined where these are too few. */
  async #gather(of: CensusOf): Promise<FollowedCensus | undefined> {
    const key = keyOf(of);
    const followed = new FollowedCensus(this.#db, of, this.#now);
    await followed.gather(() => {
      if (followed.census.bytes > this.#limits.bytes) throw new CensusError('There are too many.');
    });
    if (followed.census.size < this.#limits.least) throw new CensusError('There are too few.');
    const end = setTimeout(() => this.#kept.delete(key), this.#limits.seconds * 1000).unref();
    this.#kept.set(key, { followed, end });
    this.#makeRoomFor(followed);
    return followed;
  }

  /** Gathers who has which value of the attribute, which then takes the place of the one that was used longest ago. */
  async #tell(followed: FollowedCensus, attribute: number): Promise<void> {
    const key = keyOf(followed.of);
    try {
      await followed.tell(attribute, () => {
        if (this.#kept.get(key)?.followed !== followed) throw new Error('Nobody has use for it any more.');
        this.#makeRoomFor(followed);
      });
      const [oldest] = followed.told;
      if (followed.told.size <= MOST_COLUMNS || oldest === undefined) return;
      followed.drop(oldest);
      this.#refuse(`${key}/${oldest}`);
    } catch (error) {
      this.#refuse(`${key}/${attribute}`, error);
    }
  }

  #answering(asked: Asked): FollowedCensus | undefined {
    const key = keyOf(asked);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    const attributes = attributesOf(asked);
    if (attributes.some((attribute) => !kept.followed.told.has(attribute))) return undefined;
    for (const attribute of attributes) kept.followed.used(attribute);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.followed;
  }

  /** Forgets others that were used longer ago until there is room for it; throws a CensusError where it alone is too large. */
  #makeRoomFor(one: FollowedCensus): void {
    const all = new Set([...this.#kept.values()].map(({ followed }) => followed)).add(one);
    let bytes = 0;
    for (const { census } of all) bytes += census.bytes;
    if (one.census.bytes > this.#limits.bytes) throw new CensusError('It has no place.');
    for (const other of all) {
      if (bytes <= this.#limits.bytes) return;
      if (other === one) continue;
      bytes -= other.census.bytes;
      this.#giveUp(other);
    }
  }

  /** Forgets one before its time. */
  #giveUp({ of }: FollowedCensus): void {
    const key = keyOf(of);
    clearTimeout(this.#kept.get(key)?.end);
    this.#kept.delete(key);
    this.#refuse(key);
  }

  /** Does not try it again for a while, or for long where it can't be. */
  #refuse(what: string, error?: unknown): void {
    const { seconds, rest } = this.#limits;
    this.#refused.delete(what);
    makeRoom(this.#refused, REFUSED_SIZE);
    this.#refused.set(what, this.#now() + 1000 * (error instanceof CensusError ? seconds : rest));
  }

  #isRefused(what: string): boolean {
    return (this.#refused.get(what) ?? 0) > this.#now();
  }
}

function keyOf({ tenantId, type }: CensusOf): string {
  return `${tenantId}/${type}`;
}

function attributesOf({ question }: Asked): readonly number[] {
  return question ? [...attributesAsked(question)] : [];
}
