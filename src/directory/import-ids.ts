import { hash } from 'node:crypto';
import type { Import } from '../storage/imports.ts';

const TIMED_ID = / ([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * The id that the import gives for what is called so in the file, and is in that line of it. Nobody chooses ids in a tenant,
 * so the new one is made of the old by a hash with the import's own in it: the same for each mention and after an
 * interruption, another in another import. It is a UUID v7 with the old one's time, where that is such and not of the future,
 * so that resources keep their order; and of the same time they are in the order of lines (RFC 9562 §6.2, a counter), so
 * that indexes grow at their ends.
 */
export function newIdFor({ id, startedAt }: Import, name: string, line: number): string {
  const random = hash('sha256', `${id}\n${name}`);
  const [, high, low] = TIMED_ID.exec(name) ?? [];
  const own = high === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(`${high}${low}`, 16);
  const time = Math.min(own, startedAt.getTime()).toString(16).padStart(12, '0');
  const count = line.toString(16).padStart(8, '0');
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3, 6)}-` +
    `${count.slice(6)}${random.slice(0, 10)}`
  );
}

/** Under which key a name in a file is stored: as long as any other, whatever was sent. */
export function sourceKey(name: string): string {
  return hash('sha256', name, 'base64url');
}
