import type { FlattenedJWSInput } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createKeySets,
  KEY_SET_CACHE_SECONDS,
  KEY_SET_PAUSE_SECONDS,
  KEY_SET_STALE_SECONDS,
  KEY_SETS_SIZE,
  KeysUnreachable,
} from '../../../src/access/oauth/key-sets.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { foreignKey } from '../../support/oauth.ts';

const one = await foreignKey('one');
const two = await foreignKey('two');
const PLACE = { jwksUri: 'https://idp.example/keys' };

describe('keys that others publish', () => {
  let now: number;
  let fetched: string[];
  let answer: () => Promise<JsonObject>;
  let sets: ReturnType<typeof createKeySets>;
  const publish =
    (...keys: object[]) =>
    async () =>
      ({ keys }) as unknown as JsonObject;
  beforeEach(() => {
    now = Date.parse('2030-01-01T00:00:00Z');
    fetched = [];
    answer = publish(one.publicJwk);
    const fetchJson = (url: string) => {
      fetched.push(url);
      return answer();
    };
    sets = createKeySets(fetchJson, () => new Date(now));
  });
  const find = (kid: string, place: Parameters<typeof sets.keysAt>[0] = PLACE) =>
    sets.keysAt(place)({ alg: 'ES256', kid }, {} as FlattenedJWSInput);
  const later = (seconds: number) => {
    now += seconds * 1000;
  };

  it('are fetched once and kept for a while', async () => {
    await find('one');
    later(KEY_SET_CACHE_SECONDS - 1);
    await find('one');
    expect(fetched).toHaveLength(1);
    later(1);
    await find('one');
    expect(fetched).toHaveLength(2);
  });

  it('are fetched once for many who ask at a time', async () => {
    await Promise.all(['one', 'one', 'one'].map((kid) => find(kid)));
    expect(fetched).toHaveLength(1);
  });

  it('are fetched again for a name that is not among them, once a pause', async () => {
    await find('one');
    answer = publish(one.publicJwk, two.publicJwk);
    later(KEY_SET_PAUSE_SECONDS - 1);
    await expect(find('two')).rejects.toThrow();
    expect(fetched).toHaveLength(1);
    later(1);
    await find('two');
    expect(fetched).toHaveLength(2);
    for (const kid of ['x', 'y', 'z']) await expect(find(kid)).rejects.toThrow();
    expect(fetched).toHaveLength(2);
  });

  it('go on serving for an hour while they can not be fetched again, and no longer', async () => {
    await find('one');
    answer = () => Promise.reject(new Error('down'));
    later(KEY_SET_STALE_SECONDS - 1);
    await find('one');
    later(KEY_SET_PAUSE_SECONDS);
    await expect(find('one')).rejects.toThrow(KeysUnreachable);
    answer = publish(one.publicJwk);
    await expect(find('one')).rejects.toThrow(KeysUnreachable);
    later(KEY_SET_PAUSE_SECONDS);
    await find('one');
  });

  it('are those of now: a key that is withdrawn ends with what is kept', async () => {
    await find('one');
    answer = publish(two.publicJwk);
    later(KEY_SET_CACHE_SECONDS);
    await expect(find('one')).rejects.toThrow('no applicable key');
  });

  it('are no private keys, no shared secrets and none that are too small', async () => {
    const rsa = await foreignKey('rsa', 'RS256');
    const short = { ...rsa.publicJwk, kid: 'short', n: String(rsa.publicJwk.n).slice(0, 171) };
    answer = publish({ kty: 'oct', k: 'c2VjcmV0', kid: 'shared', alg: 'ES256' }, short, { kty: 'EC' }, 'x' as never);
    for (const kid of ['shared', 'short']) await expect(find(kid)).rejects.toThrow('no applicable key');
  });

  it('are found by the discovery document of an issuer', async () => {
    const issuer = 'https://idp.example/';
    const documents: Record<string, unknown> = {
      'https://idp.example/.well-known/openid-configuration': { issuer, jwks_uri: PLACE.jwksUri },
      [PLACE.jwksUri]: { keys: [one.publicJwk] },
    };
    answer = async () => documents[fetched.at(-1) ?? ''] as JsonObject;
    await find('one', { issuer });
    expect(fetched).toEqual(Object.keys(documents));
  });

  it('of many places are not all remembered', async () => {
    await find('one');
    for (let place = 0; place < KEY_SETS_SIZE; place++) await find('one', { jwksUri: `https://idp.example/${place}` });
    fetched = [];
    await find('one', { jwksUri: 'https://idp.example/999' });
    expect(fetched).toEqual([]);
    await find('one');
    expect(fetched).toEqual([PLACE.jwksUri]);
  });
});
