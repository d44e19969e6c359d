import { shortened, type TokenParts, uuidOf } from '../token.ts';

// rc.<tenant id, 16 bytes in base64url>.<public prefix>
const CLIENT_ID = /^rc\.([A-Za-z0-9_-]{22})\.([a-z0-9]{8})$/;
// rcs.<public prefix>.<secret, 32 bytes in base64url>
const SECRET = /^rcs\.([a-z0-9]{8})\.[A-Za-z0-9_-]{43}$/;

/** The client_id of a client; the tenant is in it so that a look-up never leaves the tenant's rows. */
export function clientIdText({ tenantId, prefix }: TokenParts): string {
  return `rc.${shortened(tenantId)}.${prefix}`;
}

/** The parts of a client_id in its one spelling, or undefined for a text that is none. */
export function parseClientId(text: string): TokenParts | undefined {
  const [, tenant, prefix] = CLIENT_ID.exec(text) ?? [];
  if (tenant === undefined || prefix === undefined) return undefined;
  const parts = { tenantId: uuidOf(Buffer.from(tenant, 'base64url').toString('hex')), prefix };
  // The last character has bits to spare, so that other spellings mean the same bytes.
  return clientIdText(parts) === text ? parts : undefined;
}

/** The text of a client's secret. */
export function secretText(prefix: string, secret: string): string {
  return `rcs.${prefix}.${secret}`;
}

/** The public prefix of a secret; empty, which no secret has, for a text that is none. */
export function secretPrefix(text: string): string {
  return SECRET.exec(text)?.[1] ?? '';
}
