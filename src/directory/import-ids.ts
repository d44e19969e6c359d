import { createHash } from 'node:crypto';
import type { Import } from '../storage/imports.ts';

// 96 bits: no two ids of a file will ever share them.
const KEY_LENGTH = 16;
const TIMED_ID = / ([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The ids that the lines of a file have; of each only so much is kept that memory stays small. */
export class SourceIds {
  readonly #keys = new Set<string>();

  /** Takes in the id of a line; false when an earlier one has it. */
  add(source: string): boolean {
    const before = this.#keys.size;
    return this.#keys.add(keyOf(source)).size > before;
  }

  /** Whether a line of the file has the id. */
  has(source: string): boolean {
    return this.#keys.has(keyOf(source));
  }
}

function keyOf(source: string): string {
  return createHash('sha256').update(source).digest('base64').slice(0, KEY_LENGTH);
}

/**
 * The id that the import gives for what is called so in the file. Nobody chooses ids in a tenant, so the new one is made of the old by a
 * hash with the import's own in it: the same for each mention and after an interruption, another in another import. It is
 * a UUID v7 with the old one's time, where that is such and not of the future, so that resources keep their order.
 */
export function newIdFor({ id, startedAt }: Import, name: string): string {
  const hash = createHash('sha256').update(`${id}\n${name}`).digest('hex');
  const [, high, low] = TIMED_ID.exec(name) ?? [];
  const own = high === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(`${high}${low}`, 16);
  const time = Math.min(own, startedAt.getTime()).toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(hash.slice(3, 4), 16) % 4];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** Under which key a name in a file is stored: as long as any other, whatever was sent. */
export function sourceKey(name: string): string {
  return createHash('sha256').update(name).digest('base64url');
}
