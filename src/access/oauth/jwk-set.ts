import type { JSONWebKeySet, JWK } from 'jose';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';

/** Most keys of a set. */
export const MAX_KEYS = 100;
/** Algorithms of signatures that others make: none of a shared secret, and not `none`. */
export const FOREIGN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const PUBLIC_MEMBERS = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'x', 'y', 'n', 'e'];
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const KINDS = new Set(['RSA', 'EC', 'OKP']);
// 2,048 to 16,384 bits in base64url (RFC 7518 §3.3); larger ones would make a signature expensive to check.
const MIN_MODULUS_LENGTH = 342;
const MAX_MODULUS_LENGTH = 2731;
const MAX_EXPONENT_LENGTH = 6;

/** The public keys of a set that signatures can be checked with; keys of other kinds are passed over. */
export function usableKeys(document: JsonObject): JSONWebKeySet {
  const keys = Array.isArray(document.keys) ? document.keys.slice(0, MAX_KEYS) : [];
  return { keys: keys.filter(isUsable).map(publicPart) };
}

/** Why a client can't be registered with these keys, or undefined when it can. */
export function keySetProblem(document: JsonValue): string | undefined {
  if (!isObject(document) || !Array.isArray(document.keys)) return 'is no JWK set: {"keys": […]}';
  const { keys } = document;
  if (keys.length === 0 || keys.length > MAX_KEYS) return `holds ${keys.length} keys; send 1 to ${MAX_KEYS}`;
  for (const [index, key] of keys.entries()) {
    if (isObject(key) && PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))) {
      return `holds a private or secret key at ${index}; send public keys alone, and replace that one`;
    }
    if (!isUsable(key)) return `holds at ${index} no RSA key of 2048 bits or more, nor an EC or OKP key`;
  }
  return undefined;
}

function isUsable(key: JsonValue): key is JsonObject {
  if (!isObject(key) || !KINDS.has(String(key.kty)) || (key.use !== undefined && key.use !== 'sig')) return false;
  if (!PUBLIC_MEMBERS.every((name) => name === 'key_ops' || key[name] === undefined || typeof key[name] === 'string')) {
    return false;
  }
  if (key.kty !== 'RSA') return typeof key.crv === 'string' && typeof key.x === 'string';
  const { n, e } = key;
  if (typeof n !== 'string' || typeof e !== 'string') return false;
  return n.length >= MIN_MODULUS_LENGTH && n.length <= MAX_MODULUS_LENGTH && e.length <= MAX_EXPONENT_LENGTH;
}

function publicPart(key: JsonObject): JWK {
  return Object.fromEntries(Object.entries(key).filter(([name]) => PUBLIC_MEMBERS.includes(name))) as JWK;
}
