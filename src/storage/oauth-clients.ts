import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from './handle.ts';
import { noteUse } from './last-use.ts';
import { oauthClients, oauthSecrets, tenants } from './tables.ts';
import { type Tenant, tenantOf } from './tenants.ts';

/** Who gets access tokens for a tenant. */
export interface OAuthClient {
  readonly tenantId: string;
  readonly id: string;
  /** Public: the end of the client_id, and what names the client in lists and logs. */
  readonly prefix: string;
  readonly scopes: string[];
  readonly label: string | null;
  /** The user whom /Me means for its tokens. */
  readonly userId: string | null;
  /** Its public keys, as the JSON of RFC 7517 §5. */
  readonly jwks: string | null;
  /** Where it publishes those keys instead. */
  readonly jwksUri: string | null;
  /** Networks from which it and its tokens may be used; null is anywhere. */
  readonly allowedIps: string[] | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** One of a client's secrets. */
export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  /** Public: names the secret in lists. */
  readonly prefix: string;
  readonly secretHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** A client with its tenant, and with that one of its secrets which was asked for. */
export interface ClientState {
  readonly client: OAuthClient;
  readonly tenant: Tenant;
  readonly secret: ClientSecret | null;
}

/** Stores a new client. */
export async function insertClient(db: Database, client: OAuthClient): Promise<void> {
  await db.insert(oauthClients).values(client);
}

/** The client with that prefix, whether it is live or not, and its secret of that prefix, where there is one. */
export async function findClientState(
  db: Database,
  tenantId: string,
  prefix: string,
  secretPrefix: string,
): Promise<ClientState | undefined> {
  const [row] = await db
    .select({ client: oauthClients, tenant: tenants, secret: oauthSecrets })
    .from(oauthClients)
    .innerJoin(tenants, eq(tenants.id, oauthClients.tenantId))
    .leftJoin(
      oauthSecrets,
      and(
        eq(oauthSecrets.tenantId, tenantId),
        eq(oauthSecrets.clientId, oauthClients.id),
        eq(oauthSecrets.prefix, secretPrefix),
      ),
    )
    .where(and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.prefix, prefix)));
  return row && { ...row, tenant: tenantOf(row.tenant) };
}

/** The client with that id, whether it is live or not, and its tenant. */
export async function findClientById(
  db: Database,
  tenantId: string,
  id: string,
): Promise<{ client: OAuthClient; tenant: Tenant } | undefined> {
  const [row] = await db
    .select({ client: oauthClients, tenant: tenants })
    .from(oauthClients)
    .innerJoin(tenants, eq(tenants.id, oauthClients.tenantId))
    .where(and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.id, id)));
  return row && { ...row, tenant: tenantOf(row.tenant) };
}

/** Every client of the tenant, revoked ones too, the oldest first. */
export function listClients(db: Database, tenantId: string): Promise<OAuthClient[]> {
  return db
    .select()
    .from(oauthClients)
    .where(eq(oauthClients.tenantId, tenantId))
    .orderBy(oauthClients.createdAt, oauthClients.id);
}

/** Revokes the client with that prefix and gives it as it is now. One that is revoked already keeps its instant. */
export async function revokeClient(
  db: Database,
  tenantId: string,
  prefix: string,
  at: Date,
): Promise<OAuthClient | undefined> {
  const named = and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.prefix, prefix));
  await db
    .update(oauthClients)
    .set({ revokedAt: at })
    .where(and(named, isNull(oauthClients.revokedAt)));
  const [row] = await db.select().from(oauthClients).where(named);
  return row;
}

/** The client with that prefix, locked until the transaction ends. */
export async function lockClient(tx: Database, tenantId: string, prefix: string): Promise<OAuthClient | undefined> {
  const [row] = await tx
    .select()
    .from(oauthClients)
    .where(and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.prefix, prefix)))
    .for('no key update');
  return row;
}

/** Stores a new secret of a client. */
export async function insertSecret(db: Database, secret: ClientSecret): Promise<void> {
  await db.insert(oauthSecrets).values(secret);
}

/** The secrets of the clients, revoked and expired ones too, the oldest first. */
export async function secretsOf(db: Database, tenantId: string, clientIds: readonly string[]): Promise<ClientSecret[]> {
  if (clientIds.length === 0) return [];
  return db
    .select()
    .from(oauthSecrets)
    .where(and(eq(oauthSecrets.tenantId, tenantId), inArray(oauthSecrets.clientId, [...clientIds])))
    .orderBy(oauthSecrets.createdAt, oauthSecrets.prefix);
}

/** Revokes a secret of the client and gives it as it is now. One that is revoked already keeps its instant. */
export async function revokeSecret(
  db: Database,
  { tenantId, id }: Pick<OAuthClient, 'tenantId' | 'id'>,
  prefix: string,
  at: Date,
): Promise<ClientSecret | undefined> {
  const named = and(
    eq(oauthSecrets.tenantId, tenantId),
    eq(oauthSecrets.clientId, id),
    eq(oauthSecrets.prefix, prefix),
  );
  await db
    .update(oauthSecrets)
    .set({ revokedAt: at })
    .where(and(named, isNull(oauthSecrets.revokedAt)));
  const [row] = await db.select().from(oauthSecrets).where(named);
  return row;
}

/** Notes when a client was used; at most once a minute, so that most requests write nothing. */
export function markClientUsed(
  db: Database,
  { tenantId, id, lastUsedAt }: Pick<OAuthClient, 'tenantId' | 'id' | 'lastUsedAt'>,
  at: Date,
): Promise<void> {
  const key = and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.id, id));
  return noteUse(db, oauthClients, key, lastUsedAt, at);
}

/** Notes when a secret was used; at most once a minute. */
export function markSecretUsed(
  db: Database,
  { tenantId, clientId, prefix, lastUsedAt }: ClientSecret,
  at: Date,
): Promise<void> {
  const ofClient = and(eq(oauthSecrets.tenantId, tenantId), eq(oauthSecrets.clientId, clientId));
  return noteUse(db, oauthSecrets, and(ofClient, eq(oauthSecrets.prefix, prefix)), lastUsedAt, at);
}
