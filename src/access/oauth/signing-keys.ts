import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { JsonObject } from '../../schema/json.ts';
import type { Database } from '../../storage/database.ts';
import { insertSigningKey, listSigningKeys, type SigningKey } from '../../storage/signing-keys.ts';
import type { Seal } from './sealing.ts';

/** What access tokens are signed with: the algorithm that each resource server has to know (RFC 9068 §4). */
export const SIGNING_ALGORITHM = 'RS256';
/** How long a process goes by the keys that it has read. */
export const KEY_CACHE_SECONDS = 5;
/** How long before its first token a new key is published, so that everybody knows it by then. */
export const KEY_ANNOUNCE_SECONDS = 60;
const MODULUS_BITS = 2048;
const UNKNOWN_KEY_PAUSE_MS = 1000;

/** The keys of access tokens, as a process knows them. */
export interface SigningKeys {
  /** The key that signs now; the first call on a new database makes it. */
  current(): Promise<{ readonly kid: string; readonly key: CryptoKey }>;
  /** The key that checks tokens of that `kid`; undefined when there is none, or none any more. */
  verifier(kid: string): Promise<CryptoKey | undefined>;
  /** The public keys (RFC 7517 §5), those to come included. */
  published(): Promise<{ readonly keys: JWK[] }>;
  /** Has the keys read again at the next use. */
  forget(): void;
}

interface Known {
  readonly readAt: number;
  readonly keys: readonly SigningKey[];
}

/** The keys in storage, read again when they are some seconds old, and no read for each token. */
export function createSigningKeys(db: Database, clock: () => Date, seal: Seal): SigningKeys {
  let known: Known | undefined;
  let reading: Promise<Known> | undefined;
  let making: Promise<SigningKey> | undefined;
  const imported = new Map<string, Promise<CryptoKey>>();

  async function read(): Promise<Known> {
    const at = clock();
    const keys = await listSigningKeys(db, at);
    known = { readAt: at.getTime(), keys };
    const alive = new Set(keys.map(({ kid }) => kid));
    for (const name of imported.keys()) if (!alive.has(name.slice(1))) imported.delete(name);
    return known;
  }

  function refreshed(): Promise<Known> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function keysNow(): Promise<Known> {
    const fresh = known && clock().getTime() - known.readAt < KEY_CACHE_SECONDS * 1000;
    return known && fresh ? known : refreshed();
  }

  /** Imports a key once; `half` is `+` for the private one. */
  function keyOf(half: '+' | '-', { kid, privateJwk, publicJwk }: SigningKey): Promise<CryptoKey> {
    const name = `${half}${kid}`;
    const before = imported.get(name);
    if (before) return before;
    const text = half === '+' ? seal.open(privateJwk, kid) : publicJwk;
    const key = importJWK(JSON.parse(text) as JWK, SIGNING_ALGORITHM) as Promise<CryptoKey>;
    imported.set(name, key);
    return key;
  }

  return {
    async current() {
      const { keys } = await keysNow();
      const now = clock();
      const found = keys.filter(({ signsFrom }) => signsFrom <= now).at(-1) ?? (await firstKey());
      return { kid: found.kid, key: await keyOf('+', found) };
    },
    async verifier(kid) {
      const now = clock().getTime();
      const among = ({ keys }: Known) => keys.find((key) => key.kid === kid);
      let found = among(await keysNow());
      // The key may be younger than what is known here. Whoever makes up names of keys causes a read a second at most.
      if (!found && known && now - known.readAt >= UNKNOWN_KEY_PAUSE_MS) found = among(await refreshed());
      return found && (found.retiresAt === null || found.retiresAt.getTime() > now) ? keyOf('-', found) : undefined;
    },
    async published() {
      const { keys } = await keysNow();
      const all = keys.length > 0 ? keys : [await firstKey()];
      return { keys: all.map(({ publicJwk }) => JSON.parse(publicJwk) as JWK) };
    },
    forget() {
      known = undefined;
    },
  };

  /** Makes the first key, once for all who ask meanwhile. */
  function firstKey(): Promise<SigningKey> {
    making ??= makeFirst().finally(() => {
      making = undefined;
    });
    return making;
  }

  async function makeFirst(): Promise<SigningKey> {
    const at = clock();
    await insertSigningKey(db, await newSigningKey(seal, at, at));
    // Another process may have made one meanwhile; both then sign with the same.
    const { keys } = await refreshed();
    const found = keys.at(-1);
    if (!found) throw new Error('The signing key that was made is gone.');
    return found;
  }
}

/** A new key, which signs from that instant on. */
export async function newSigningKey(seal: Seal, createdAt: Date, signsFrom: Date): Promise<SigningKey> {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const shown: JsonObject = { ...(publicJwk as JsonObject), kid, use: 'sig', alg: SIGNING_ALGORITHM };
  return {
    kid,
    publicJwk: JSON.stringify(shown),
    privateJwk: seal.shut(JSON.stringify(await exportJWK(pair.privateKey)), kid),
    createdAt,
    signsFrom,
    retiresAt: null,
  };
}
