import { timingSafeEqual } from 'node:crypto';
import { and, eq, gt, inArray, isNull, or, type SQL } from 'drizzle-orm';
import { CREDENTIAL_SCHEMES, type CredentialScheme } from '../profiles/profile.ts';
import { type Database, inTransaction } from './handle.ts';
import { isId } from './ids.ts';
import { noteUse } from './last-use.ts';
import { credentials, tenants } from './tables.ts';
import { type Tenant, tenantOf } from './tenants.ts';

/** Whose a credential can be. */
export const CREDENTIAL_KINDS = ['organization', 'personal', 'project', 'team'] as const;
/** Whose a credential is. */
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** What may act for a tenant. The secret itself is kept nowhere. */
export interface Credential {
  readonly tenantId: string;
  readonly id: string;
  /** How it is sent, and with that what it is for. */
  readonly scheme: CredentialScheme;
  readonly kind: CredentialKind;
  /** What a key may do in the application that the tenant stands for. */
  readonly roles: string[];
  /** The group whose key it is. */
  readonly groupId: string | null;
  /** Public: names the credential in lists and logs. */
  readonly prefix: string;
  readonly scopes: string[];
  readonly label: string | null;
  /** The user whom /Me means for it. */
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** Networks from which it may be used; null is anywhere. */
  readonly allowedIps: string[] | null;
  /** The credential that takes its place, once it was rotated. */
  readonly rotatedTo: string | null;
}

/** Whether the credential is neither revoked nor expired at that instant. */
export function isLive({ revokedAt, expiresAt }: Pick<Credential, 'revokedAt' | 'expiresAt'>, at: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > at);
}

/** The same of rows. */
function live(at: Date): SQL | undefined {
  return and(isNull(credentials.revokedAt), or(isNull(credentials.expiresAt), gt(credentials.expiresAt, at)));
}

/** Stores a new credential under the hash of its token. */
export async function insertCredential(db: Database, row: Credential & { readonly secretHash: string }): Promise<void> {
  await db.insert(credentials).values(row);
}

/**
 * The credential with that prefix whose token has that hash, whether it is live or not, and its tenant. The hashes are
 * compared here and in constant time, so that no answer comes later for a hash that is nearly right.
 */
export async function findCredentialBySecret(
  db: Database,
  { tenantId, prefix, secretHash }: { readonly tenantId: string; readonly prefix: string; readonly secretHash: string },
): Promise<{ credential: Credential; tenant: Tenant } | undefined> {
  const found = await db
    .select({ credential: credentials, tenant: tenants })
    .from(credentials)
    .innerJoin(tenants, eq(tenants.id, credentials.tenantId))
    .where(and(eq(credentials.tenantId, tenantId), eq(credentials.prefix, prefix)));
  const row = found.find(({ credential }) => sameHash(credential.secretHash, secretHash));
  return row && { credential: credentialOf(row.credential), tenant: tenantOf(row.tenant) };
}

/** Every credential of the tenant, revoked and expired ones too, the oldest first. */
export async function listCredentials(db: Database, tenantId: string): Promise<Credential[]> {
  const found = await db
    .select()
    .from(credentials)
    .where(eq(credentials.tenantId, tenantId))
    .orderBy(credentials.createdAt, credentials.id);
  return found.map(credentialOf);
}

/** The credential with that prefix, whether it is live or not. */
export async function findCredentialByPrefix(
  db: Database,
  tenantId: string,
  prefix: string,
): Promise<Credential | undefined> {
  const [row] = await db
    .select()
    .from(credentials)
    .where(and(eq(credentials.tenantId, tenantId), eq(credentials.prefix, prefix)));
  return row && credentialOf(row);
}

/** The credentials that are bound to the users, revoked and expired ones too, the oldest first. */
export async function credentialsOfUsers(
  db: Database,
  tenantId: string,
  userIds: readonly string[],
): Promise<Credential[]> {
  if (userIds.length === 0) return [];
  const found = await db
    .select()
    .from(credentials)
    .where(and(eq(credentials.tenantId, tenantId), inArray(credentials.userId, [...userIds])))
    .orderBy(credentials.createdAt, credentials.id);
  return found.map(credentialOf);
}

/** Gives a credential other roles; gives it as it is now, or undefined when there is no live one of that id. */
export async function setCredentialRoles(
  db: Database,
  tenantId: string,
  id: string,
  roles: readonly string[],
  at: Date,
): Promise<Credential | undefined> {
  const [row] = await db
    .update(credentials)
    .set({ roles: [...roles] })
    .where(and(eq(credentials.tenantId, tenantId), eq(credentials.id, id), live(at)))
    .returning();
  return row && credentialOf(row);
}

/** Credentials that were asked to be revoked. */
export interface Revoked {
  /** All that were named, as they are now. */
  readonly named: Credential[];
  /** Those that were live until then. */
  readonly ended: Credential[];
}

/** Revokes the credentials that the id or prefix names. One that is revoked already keeps its instant. */
export async function revokeCredential(db: Database, tenantId: string, idOrPrefix: string, at: Date): Promise<Revoked> {
  const named = and(
    eq(credentials.tenantId, tenantId),
    isId(idOrPrefix) ? eq(credentials.id, idOrPrefix) : eq(credentials.prefix, idOrPrefix),
  );
  const ended = await db
    .update(credentials)
    .set({ revokedAt: at })
    .where(and(named, isNull(credentials.revokedAt)))
    .returning();
  const found = await db.select().from(credentials).where(named);
  return { named: found.map(credentialOf), ended: ended.map(credentialOf) };
}

/** Gives a live credential another secret; it stays what it is otherwise. False when there is no live one of that id. */
export async function replaceSecret(
  db: Database,
  tenantId: string,
  id: string,
  secretHash: string,
  at: Date,
): Promise<boolean> {
  const replaced = await db
    .update(credentials)
    .set({ secretHash })
    .where(and(eq(credentials.tenantId, tenantId), eq(credentials.id, id), live(at)))
    .returning({ id: credentials.id });
  return replaced.length > 0;
}

/**
 * Stores the credential that takes the place of another, and the end of that one. False, and nothing is stored, when
 * there is no live one of that id or it has a successor already.
 */
export async function insertSuccessor(
  db: Database,
  { id: former, endsAt }: { readonly id: string; readonly endsAt: Date },
  successor: Credential & { readonly secretHash: string },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const ended = await tx
      .update(credentials)
      .set({ expiresAt: endsAt, rotatedTo: successor.id })
      .where(
        and(
          eq(credentials.tenantId, successor.tenantId),
          eq(credentials.id, former),
          isNull(credentials.revokedAt),
          isNull(credentials.rotatedTo),
        ),
      )
      .returning({ id: credentials.id });
    if (ended.length > 0) await insertCredential(tx, successor);
    return ended.length > 0;
  });
}

/** Notes when a credential was used; at most once a minute, so that most requests write nothing. */
export function markUsed(db: Database, { tenantId, id, lastUsedAt }: Credential, at: Date): Promise<void> {
  const key = and(eq(credentials.tenantId, tenantId), eq(credentials.id, id));
  return noteUse(db, credentials, key, lastUsedAt, at);
}

function sameHash(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function credentialOf({ secretHash: _, warnedAt: __, ...row }: typeof credentials.$inferSelect): Credential {
  const scheme = CREDENTIAL_SCHEMES.find((candidate) => candidate === row.scheme);
  const kind = CREDENTIAL_KINDS.find((candidate) => candidate === row.kind);
  if (!scheme || !kind) throw new Error(`Credential ${row.prefix} is of a kind that this version lacks.`);
  return { ...row, scheme, kind };
}
