import { gt, isNull, lt, or } from 'drizzle-orm';
import { lockName } from './advisory-lock.ts';
import { type Database, inTransaction } from './handle.ts';
import { signingKeys } from './tables.ts';

/** A key that signs access tokens. */
export interface SigningKey {
  readonly kid: string;
  /** The public key as the JSON of RFC 7517 §4. */
  readonly publicJwk: string;
  /** The private one, sealed where the settings have a secret for that. */
  readonly privateJwk: string;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** When the last token under it has expired. */
  readonly retiresAt: Date | null;
}

/** Stores a new key. */
export async function insertSigningKey(db: Database, key: SigningKey): Promise<void> {
  await db.insert(signingKeys).values(key);
}

/** Stores the first key, or gives the one that signs first of those that others have made meanwhile. */
export function insertFirstSigningKey(db: Database, key: SigningKey): Promise<SigningKey> {
  return inTransaction(db, async (tx) => {
    await lockSigningKeys(tx);
    const [first] = await listSigningKeys(tx, key.createdAt);
    if (first) return first;
    await insertSigningKey(tx, key);
    return key;
  });
}

/** Lets nobody else make a key until the transaction ends. */
export function lockSigningKeys(tx: Database): Promise<void> {
  return lockName(tx, 'signingKey');
}

/** The keys whose tokens are taken at that instant, the one that signs last coming last. */
export function listSigningKeys(db: Database, at: Date): Promise<SigningKey[]> {
  return db
    .select()
    .from(signingKeys)
    .where(or(isNull(signingKeys.retiresAt), gt(signingKeys.retiresAt, at)))
    .orderBy(signingKeys.signsFrom, signingKeys.kid);
}

/** Has every key that is to stay retire at that instant. Those that retire sooner keep theirs. */
export async function retireSigningKeys(db: Database, at: Date): Promise<void> {
  await db
    .update(signingKeys)
    .set({ retiresAt: at })
    .where(or(isNull(signingKeys.retiresAt), gt(signingKeys.retiresAt, at)));
}

/** Removes the keys that have retired by that instant. */
export async function sweepSigningKeys(db: Database, at: Date): Promise<void> {
  await db.delete(signingKeys).where(lt(signingKeys.retiresAt, at));
}
