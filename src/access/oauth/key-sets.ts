import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { makeRoom } from '../../storage/make-room.ts';
import { usableKeys } from './jwk-set.ts';
import type { FetchJson } from './remote-json.ts';

/** How long keys that were fetched serve before they are fetched again. */
export const KEY_SET_CACHE_SECONDS = 600;
/** How long they go on serving while fetching them again fails. */
export const KEY_SET_STALE_SECONDS = 3600;
/** Pause between two fetches from one place, whatever tokens ask for and however the last one ended. */
export const KEY_SET_PAUSE_SECONDS = 30;
/** Most places whose keys a process remembers. */
export const KEY_SETS_SIZE = 1000;

/** Where keys are published: at a URL, or where the discovery document of an issuer says. */
export type KeyPlace = { readonly jwksUri: string } | { readonly issuer: string };

/** Keys can't be had for now. */
export class KeysUnreachable extends Error {
  readonly retryAfterSeconds = KEY_SET_PAUSE_SECONDS;
}

/** The keys that others publish. */
export interface KeySets {
  /** What finds the key of a token among those published in the place; throws a KeysUnreachable when there are none. */
  keysAt(place: KeyPlace): JWTVerifyGetKey;
}

interface Known {
  find: JWTVerifyGetKey | undefined;
  fetchedAt: number;
  triedAt: number;
  pending: Promise<void> | undefined;
}

/** Key sets that are fetched when they are needed, and kept for a while. */
export function createKeySets(fetchJson: FetchJson, clock: () => Date): KeySets {
  const sets = new Map<string, Known>();

  async function fetchKeys(place: KeyPlace): Promise<JWTVerifyGetKey> {
    const { jwksUri } = 'jwksUri' in place ? place : { jwksUri: await discovered(place.issuer) };
    return createLocalJWKSet(usableKeys(await fetchJson(jwksUri)));
  }

  /** The `jwks_uri` of an issuer (OpenID Connect Discovery §4; RFC 8414 §3 says the same of its own document). */
  async function discovered(issuer: string): Promise<string> {
    const { issuer: said, jwks_uri: jwksUri } = await fetchJson(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    );
    if (said !== issuer) throw new Error(`The discovery document of ${issuer} is that of another issuer.`);
    if (typeof jwksUri !== 'string') throw new Error(`The discovery document of ${issuer} has no jwks_uri.`);
    return jwksUri;
  }

  async function refresh(known: Known, place: KeyPlace): Promise<void> {
    known.triedAt = clock().getTime();
    try {
      known.find = await fetchKeys(place);
      known.fetchedAt = clock().getTime();
    } catch (cause) {
      if (known.find && clock().getTime() - known.fetchedAt < KEY_SET_STALE_SECONDS * 1000) return;
      known.find = undefined;
      throw unreachable(place, cause);
    }
  }

  /** Fetches the keys unless that was tried a moment ago; whoever comes meanwhile waits for the same fetch. */
  function refreshed(known: Known, place: KeyPlace): Promise<void> {
    if (known.pending) return known.pending;
    if (clock().getTime() - known.triedAt < KEY_SET_PAUSE_SECONDS * 1000) return Promise.resolve();
    known.pending = refresh(known, place).finally(() => {
      known.pending = undefined;
    });
    return known.pending;
  }

  function knownOf(name: string): Known {
    const before = sets.get(name);
    if (before) return before;
    makeRoom(sets, KEY_SETS_SIZE);
    const known: Known = { find: undefined, fetchedAt: 0, triedAt: 0, pending: undefined };
    sets.set(name, known);
    return known;
  }

  return {
    keysAt: (place) => async (header, token) => {
      const known = knownOf(JSON.stringify(place));
      if (clock().getTime() - known.fetchedAt >= KEY_SET_CACHE_SECONDS * 1000) await refreshed(known, place);
      const { find } = known;
      if (!find) throw unreachable(place);
      try {
        return await find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refreshed(known, place);
        if (known.find === find) throw error;
        return (known.find ?? find)(header, token);
      }
    },
  };
}

function unreachable(place: KeyPlace, cause?: unknown): KeysUnreachable {
  const where = 'jwksUri' in place ? place.jwksUri : `the issuer ${place.issuer}`;
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new KeysUnreachable(`The keys of ${where} can't be fetched${why}`, { cause });
}
