import { hash } from 'node:crypto';

// rc.<tenant id, 16 bytes in base64url>.<public prefix>.<secret, 32 bytes in base64url>
const TOKEN = /^rc\.([A-Za-z0-9_-]{22})\.([a-z0-9]{8})\.[A-Za-z0-9_-]{43}$/;
// The same parts as <prefix>.<secret>, where the prefix is what the tenant and ours make together.
const KEY = /^([A-Za-z0-9_-]{22})([a-z0-9]{8})\.[A-Za-z0-9_-]{43}$/;
const PREFIX_LENGTH = 8;

/** What a token says of itself before anything is looked up. */
export interface TokenParts {
  readonly tenantId: string;
  /** Names the credential in lists and logs. */
  readonly prefix: string;
}

/** The text of a token; the tenant is in it so that a look-up never leaves the tenant's rows. */
export function tokenText(parts: TokenParts, secret: string): string {
  return `rc.${shortened(parts.tenantId)}.${parts.prefix}.${secret}`;
}

/** The text of a key that is sent as `<prefix>.<secret>`. */
export function keyText(parts: TokenParts, secret: string): string {
  return `${publicPrefix(parts)}.${secret}`;
}

/** The part of a key before its secret, by which others may name it. */
export function publicPrefix({ tenantId, prefix }: TokenParts): string {
  return `${shortened(tenantId)}${prefix}`;
}

/** The prefix of a credential where the text is its public prefix; any other text as it is. */
export function prefixNamed(tenantId: string, text: string): string {
  const prefix = text.slice(-PREFIX_LENGTH);
  return text === publicPrefix({ tenantId, prefix }) ? prefix : text;
}

/** The parts of a token or key, or undefined for a text that is none. */
export function parseToken(text: string): TokenParts | undefined {
  const [, tenant, prefix] = TOKEN.exec(text) ?? KEY.exec(text) ?? [];
  if (tenant === undefined || prefix === undefined) return undefined;
  return { tenantId: uuidOf(Buffer.from(tenant, 'base64url').toString('hex')), prefix };
}

/** What is stored of a token. The secret has 256 random bits, so a plain SHA-256 can't be searched. */
export function hashOfToken(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A public prefix made of random text; it must not be the credential's own secret. */
export function prefixFrom(random: string): string {
  return random
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, PREFIX_LENGTH)
    .padEnd(PREFIX_LENGTH, '0');
}

/** A tenant's id in 22 characters, as credentials hold it. */
export function shortened(tenantId: string): string {
  return Buffer.from(tenantId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The UUID of 32 hexadecimal digits. */
export function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
