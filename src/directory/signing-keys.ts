import type { OAuth } from '../access/oauth/oauth.ts';
import { KEY_ANNOUNCE_SECONDS, newSigningKey } from '../access/oauth/signing-keys.ts';
import { MAX_TOKEN_LIFE_SECONDS } from '../access/oauth/token-life.ts';
import type { JsonObject } from '../schema/json.ts';
import { inTransaction } from '../storage/database.ts';
import * as stored from '../storage/signing-keys.ts';
import type { Context } from './context.ts';

/**
 * Makes a new key for access tokens. The old ones sign until everybody can know the new one, and are good for checking until
 * the last token under them has expired; `atOnce` ends them now, and with them every access token there is.
 */
export async function rotateKeys(
  context: Context,
  oauth: Pick<OAuth, 'keys' | 'seal'>,
  atOnce = false,
): Promise<stored.SigningKey> {
  const now = context.clock();
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  // Before the transaction: finding primes takes its time.
  const made = await newSigningKey(oauth.seal, now, now);
  const key = await inTransaction(context.db, async (tx) => {
    await stored.lockSigningKeys(tx);
    await stored.sweepSigningKeys(tx, now);
    const alone = atOnce || (await stored.listSigningKeys(tx, now)).length === 0;
    const signsFrom = alone ? now : at(KEY_ANNOUNCE_SECONDS);
    await stored.retireSigningKeys(tx, alone ? now : at(KEY_ANNOUNCE_SECONDS + MAX_TOKEN_LIFE_SECONDS));
    await stored.insertSigningKey(tx, { ...made, signsFrom });
    return { ...made, signsFrom };
  });
  oauth.keys.forget();
  return key;
}

/** The keys whose tokens are taken, the one that signs last coming last. */
export function listKeys(context: Context): Promise<stored.SigningKey[]> {
  return stored.listSigningKeys(context.db, context.clock());
}

/** A key as commands and the admin API show it: never the private one. */
export function showKey({ kid, createdAt, signsFrom, retiresAt }: stored.SigningKey): JsonObject {
  return {
    kid,
    createdAt: createdAt.toISOString(),
    signsFrom: signsFrom.toISOString(),
    retiresAt: retiresAt?.toISOString() ?? null,
  };
}
