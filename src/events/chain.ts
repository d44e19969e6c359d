import type { JsonObject } from '../schema/json.ts';
import type { SealName } from '../storage/seals.ts';
import { NO_SEAL } from './seal.ts';

/** Most problems, and most doubts, that a verification tells one by one; it counts them all. */
export const MAX_TOLD = 100;

/** What a verification found. */
export interface Verification {
  /** Whether nothing contradicts the seals. */
  readonly ok: boolean;
  /** The first seal that was looked at, and what it says of the one before it. */
  readonly from: { readonly number: number; readonly previous: string } | null;
  /** The last one: whoever noted its hash can tell later that nothing up to it was changed. */
  readonly head: SealName | null;
  readonly seals: number;
  readonly events: number;
  readonly problemCount: number;
  readonly problems: readonly string[];
  /** What can be as it is, and is worth a look. */
  readonly doubts: readonly string[];
}

/** The verification as commands and the admin API show it. */
export function showVerification({ from, head, problems, doubts, ...counts }: Verification): JsonObject {
  const shown = { from: from && { ...from }, head: head && { seal: head.number, hash: head.hash } };
  return { ...counts, ...shown, problems: [...problems], doubts: [...doubts] };
}

/** A chain of seals that is verified one by one, in their order. */
export class Chain {
  readonly #expected: string | undefined;
  readonly #whole: boolean;
  #expectedSeen = false;
  #from: Verification['from'] = null;
  #head: SealName | null = null;
  #seals = 0;
  #events = 0;
  #problemCount = 0;
  readonly #problems: string[] = [];
  readonly #doubts: string[] = [];

  /** `expected` is a hash that was noted before, of whatever seal; `whole` chains begin with the first seal. */
  constructor({ expected, whole }: { readonly expected?: string | undefined; readonly whole: boolean }) {
    this.#expected = expected?.toLowerCase();
    this.#whole = whole;
  }

  /** Takes the next seal: whether it continues the one before. */
  seal({ number, previous, hash }: SealName & { readonly previous: string }): void {
    const before = this.#head;
    if (!before && number > 1 && this.#whole) this.problem(`${missing(1, number - 1)} gone, before seal ${number}.`);
    if (before && number <= before.number) this.problem(`Seal ${number} comes after seal ${before.number}.`);
    else if (before && number > before.number + 1) {
      this.problem(`${missing(before.number + 1, number - 1)} gone, before seal ${number}.`);
    } else if (before && previous !== before.hash) {
      this.problem(`Seal ${number} does not continue seal ${before.number}: one of them was changed or replaced.`);
    }
    if (!before && number === 1 && previous !== NO_SEAL) {
      this.problem('Seal 1 continues another one, and there is none before it.');
    }
    this.#from ??= { number, previous };
    this.#head = { number, hash };
    this.#seals += 1;
    // The head of an earlier export stands in the first seal of the one that continues it.
    if (hash === this.#expected || (number > 1 && previous === this.#expected)) this.#expectedSeen = true;
  }

  /** Takes the seal at which a part says that it ends: the last that it has or, where it has none, the one it goes on from. */
  end({ number, hash }: SealName): void {
    const last = this.#head;
    if (last && (number !== last.number || hash !== last.hash)) {
      this.problem(`The end says that the last seal is ${number}, ${hash}; it is ${last.number}, ${last.hash}.`);
    }
    if (last) return;
    this.#head = { number, hash };
    if (hash === this.#expected) this.#expectedSeen = true;
  }

  /** Counts events that were found under the last seal. */
  count(events: number): void {
    this.#events += events;
  }

  /** Tells of what contradicts the seals. */
  problem(text: string): void {
    this.#problemCount += 1;
    if (this.#problems.length < MAX_TOLD) this.#problems.push(text);
  }

  /** Tells of what is worth a look. */
  doubt(text: string): void {
    if (this.#doubts.length < MAX_TOLD) this.#doubts.push(text);
  }

  /** What was found, after the last seal. */
  finish(): Verification {
    if (this.#expected !== undefined && !this.#expectedSeen) {
      this.problem(`No seal has the hash ${this.#expected}: the end was cut off, or the seals are others than then.`);
    }
    return {
      ok: this.#problemCount === 0,
      from: this.#from,
      head: this.#head,
      seals: this.#seals,
      events: this.#events,
      problemCount: this.#problemCount,
      problems: this.#problems,
      doubts: this.#doubts,
    };
  }
}

function missing(first: number, last: number): string {
  return first === last ? `Seal ${first} is` : `Seals ${first} to ${last} are`;
}
