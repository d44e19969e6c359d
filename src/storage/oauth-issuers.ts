import { and, eq, inArray } from 'drizzle-orm';
import { lockName } from './advisory-lock.ts';
import type { Database } from './handle.ts';
import { oauthClients, oauthIssuers } from './tables.ts';

/** A claim that a token must have exactly. */
export type ClaimValue = string | number | boolean;

/** An issuer of tokens that is trusted to vouch for a client. */
export interface TrustedIssuer {
  readonly tenantId: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly audience: string;
  /** Where its keys are; null: as its discovery document says. */
  readonly jwksUri: string | null;
  readonly claims: Readonly<Record<string, ClaimValue>>;
  /** Whether its tokens are taken as they are, without the client_id that tells whom they are for. */
  readonly direct: boolean;
}

/** Stores whom an issuer vouches for. */
export async function insertIssuer(db: Database, issuer: TrustedIssuer): Promise<void> {
  await db.insert(oauthIssuers).values(issuer);
}

/** The issuer that vouches for the client. */
export async function findIssuerOf(
  db: Database,
  tenantId: string,
  clientId: string,
): Promise<TrustedIssuer | undefined> {
  const [row] = await db
    .select()
    .from(oauthIssuers)
    .where(and(eq(oauthIssuers.tenantId, tenantId), eq(oauthIssuers.clientId, clientId)));
  return row && issuerOf(row);
}

/** Every issuer that the tenant trusts. */
export async function listIssuers(db: Database, tenantId: string): Promise<TrustedIssuer[]> {
  const found = await db.select().from(oauthIssuers).where(eq(oauthIssuers.tenantId, tenantId));
  return found.map(issuerOf);
}

/**
 * Whoever takes tokens of that issuer for one of these audiences as they are, of whatever tenant: finding out the tenant is
 * what it is for.
 */
export async function findDirectIssuers(
  db: Database,
  issuer: string,
  audiences: readonly string[],
): Promise<TrustedIssuer[]> {
  const found = await db
    .select()
    .from(oauthIssuers)
    .where(
      and(
        eq(oauthIssuers.issuer, issuer),
        inArray(oauthIssuers.audience, [...audiences]),
        eq(oauthIssuers.direct, true),
      ),
    );
  return found.map(issuerOf);
}

/** Lets nobody else, of whatever tenant, add an issuer of that name and audience until the transaction ends. */
export function lockIssuer(tx: Database, issuer: string, audience: string): Promise<void> {
  return lockName(tx, 'issuer', issuer, audience);
}

/** Trusts the issuer no more, for good: its row goes, and with it what bare tokens find. */
export async function deleteIssuer(tx: Database, tenantId: string, clientId: string): Promise<void> {
  await tx.delete(oauthIssuers).where(and(eq(oauthIssuers.tenantId, tenantId), eq(oauthIssuers.clientId, clientId)));
  await tx.delete(oauthClients).where(and(eq(oauthClients.tenantId, tenantId), eq(oauthClients.id, clientId)));
}

function issuerOf(row: typeof oauthIssuers.$inferSelect): TrustedIssuer {
  return { ...row, claims: row.claims as TrustedIssuer['claims'] };
}
