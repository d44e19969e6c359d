import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_CURSOR_LENGTH } from '../protocol/limits.ts';
import type { Position } from '../storage/cursor-page.ts';

/** What a cursor holds. */
export interface CursorContent {
  readonly position: Position;
  /** Size of the pages, as the first request asked for it. */
  readonly count: number;
  readonly issuedAt: Date;
}

const VERSION = 1;
const MAC_BYTES = 32;
const CIPHER = 'aes-256-ctr';
const BLOCK_BYTES = 16;

/**
 * The content as a cursor (RFC 9865 §2): base64url, opaque, and bound to what `binding` says, to which it can't be told by
 * looking at it. An HMAC-SHA-256 over all of it makes forgery evident; the content, in which there is a value of a resource,
 * is encrypted because cursors stand in URLs, and these in logs. The HMAC also serves as the initialization vector
 * (synthetic, as in RFC 5297), so nothing random is needed.
 */
export function sealCursor(secret: string, binding: readonly string[], content: CursorContent): string {
  const { position, count, issuedAt } = content;
  const { id, key, backwards, inclusive } = position;
  const plain = Buffer.from(JSON.stringify([VERSION, count, issuedAt.getTime(), backwards, inclusive, id, key]));
  const mac = macOf(secret, binding, plain);
  const cipher = createCipheriv(CIPHER, keyFor(secret, 'encryption'), mac.subarray(0, BLOCK_BYTES));
  return Buffer.concat([mac, cipher.update(plain), cipher.final()]).toString('base64url');
}

/** What the cursor holds; undefined unless it was sealed with this secret and binding. */
export function openCursor(secret: string, binding: readonly string[], cursor: string): CursorContent | undefined {
  if (cursor.length > MAX_CURSOR_LENGTH) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding is lenient; only the one spelling that sealing gives is taken.
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== cursor) return undefined;
  const mac = bytes.subarray(0, MAC_BYTES);
  const cipher = createDecipheriv(CIPHER, keyFor(secret, 'encryption'), mac.subarray(0, BLOCK_BYTES));
  const plain = Buffer.concat([cipher.update(bytes.subarray(MAC_BYTES)), cipher.final()]);
  if (!timingSafeEqual(mac, macOf(secret, binding, plain))) return undefined;
  const [version, count, issuedAt, backwards, inclusive, id, key] = JSON.parse(plain.toString()) as [
    number,
    number,
    number,
    boolean,
    boolean,
    string,
    string | null,
  ];
  if (version !== VERSION) return undefined;
  return { position: { id, key, backwards, inclusive }, count, issuedAt: new Date(issuedAt) };
}

function macOf(secret: string, binding: readonly string[], plain: Buffer): Buffer {
  const mac = createHmac('sha256', keyFor(secret, 'authentication'));
  // JSON text ends where its array does, so no other binding and content make the same input.
  return mac
    .update(JSON.stringify([VERSION, ...binding]))
    .update(plain)
    .digest();
}

/** One secret serves two purposes through keys of their own. */
function keyFor(secret: string, purpose: 'encryption' | 'authentication'): Buffer {
  return createHmac('sha256', secret).update(`cursor ${purpose}`).digest();
}
