import { describe, expect, it } from 'vitest';
import { keySetProblem, MAX_KEYS, usableKeys } from '../../../src/access/oauth/jwk-set.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { foreignKey } from '../../support/oauth.ts';

describe('a set of keys', async () => {
  const ec = (await foreignKey('ec')).publicJwk as JsonObject;
  const rsa = (await foreignKey('rsa', 'RS256')).publicJwk as JsonObject;
  it('that a client can have holds public keys', () => {
    expect(keySetProblem({ keys: [ec, rsa] })).toBeUndefined();
    expect(keySetProblem({ keys: Array.from({ length: MAX_KEYS }, () => ec) })).toBeUndefined();
  });
  it.each<[string, unknown]>([
    ['no set', []],
    ['no keys', { keys: [] }],
    ['too many keys', { keys: Array.from({ length: MAX_KEYS + 1 }, () => ec) }],
    ['a private key', { keys: [ec, { ...ec, d: 'x' }] }],
    ['a shared secret', { keys: [{ kty: 'oct', k: 'x' }] }],
    ['a short key', { keys: [{ ...rsa, n: 'abc' }] }],
    ['a key that is huge', { keys: [{ ...rsa, n: 'a'.repeat(2732) }] }],
    ['an exponent that is huge', { keys: [{ ...rsa, e: 'a'.repeat(7) }] }],
    ['a key for encryption', { keys: [{ ...rsa, use: 'enc' }] }],
    ['a key that is none', { keys: ['x'] }],
    ['a key whose parts are no text', { keys: [{ ...ec, x: 1 }] }],
  ])('that holds %s is refused', (_, set) => {
    expect(keySetProblem(set as JsonObject)).toBeDefined();
  });
  it('is kept without what is not needed', () => {
    expect(usableKeys({ keys: [{ ...ec, x5c: ['x'], x5u: 'https://evil.example' }] }).keys).toEqual([ec]);
  });
});
