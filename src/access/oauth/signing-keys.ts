import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { JsonObject } from '../../schema/json.ts';
import type { Database } from '../../storage/database.ts';
import { insertFirstSigningKey, listSigningKeys, type SigningKey } from '../../storage/signing-keys.ts';
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
  let soughtInVainAt = Number.NEGATIVE_INFINITY;
  const imported = new Map<string, Promise<CryptoKey>>();

  async function read(): Promise<Known> {
    const at = clock();
    const keys = await listSigningKeys(db, at);
    const alive = new Set(keys.map(({ kid }) => kid));
    for (const name of imported.keys()) if (!alive.has(name.slice(1))) imported.delete(name);
    return { readAt: at.getTime(), keys };
  }

  /** Reads the keys, once for all who ask meanwhile. What was begun before they were forgotten is not remembered. */
  function refreshed(): Promise<Known> {
    if (reading) return reading;
    const begun = read()
      .then((found) => {
        if (reading === begun) known = found;
        return found;
      })
      .finally(() => {
        if (reading === begun) reading = undefined;
      });
    reading = begun;
    return begun;
  }

  function remembered(): Known | undefined {
    return known && clock().getTime() - known.readAt < KEY_CACHE_SECONDS * 1000 ? known : undefined;
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
      const { keys } = remembered() ?? (await refreshed());
      const now = clock();
      // The first of them where none signs yet by the clock of this process: another, which is ahead, has made it.
      const found = keys.filter(({ signsFrom }) => signsFrom <= now).at(-1) ?? keys[0] ?? (await firstKey());
      return { kid: found.kid, key: await keyOf('+', found) };
    },
    async verifier(kid) {
      const now = clock().getTime();
      const before = remembered();
      let found = before?.keys.find((key) => key.kid === kid);
      // The key may be younger than what is known here. Whoever makes up names of keys causes a read a second at most.
      if (!found && (!before || reading || now - soughtInVainAt >= UNKNOWN_KEY_PAUSE_MS)) {
        found = (await refreshed()).keys.find((key) => key.kid === kid);
        if (!found) soughtInVainAt = now;
      }
      return found && (found.retiresAt === null || found.retiresAt.getTime() > now) ? keyOf('-', found) : undefined;
    },
    async published() {
      const { keys } = remembered() ?? (await refreshed());
      const all = keys.length > 0 ? keys : [await firstKey()];
      return { keys: all.map(({ publicJwk }) => JSON.parse(publicJwk) as JWK) };
    },
    forget,
  };

  function forget(): void {
    known = undefined;
    reading = undefined;
  }

  /** Makes the first key, once for all who ask meanwhile; where another process was quicker, it is that one's. */
  function firstKey(): Promise<SigningKey> {
    making ??= makeFirst().finally(() => {
      making = undefined;
    });
    return making;
  }

  async function makeFirst(): Promise<SigningKey> {
    const at = clock();
    const first = await insertFirstSigningKey(db, await newSigningKey(seal, at, at));
    forget();
    return first;
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
