import { and, eq, lt } from 'drizzle-orm';
import type { Database } from './handle.ts';
import { oauthAssertions } from './tables.ts';

/** An assertion that a client has signed. */
export interface UsedAssertion {
  readonly tenantId: string;
  readonly clientId: string;
  readonly jtiHash: string;
  /** From when on it would be refused anyhow. */
  readonly expiresAt: Date;
}

/** Takes an assertion; false when some process has taken it before. */
export async function takeAssertion(db: Database, assertion: UsedAssertion): Promise<boolean> {
  const taken = await db
    .insert(oauthAssertions)
    .values(assertion)
    .onConflictDoNothing()
    .returning({ jtiHash: oauthAssertions.jtiHash });
  return taken.length > 0;
}

/** Forgets the client's assertions that have expired. */
export async function sweepAssertions(db: Database, tenantId: string, clientId: string, at: Date): Promise<void> {
  await db
    .delete(oauthAssertions)
    .where(
      and(
        eq(oauthAssertions.tenantId, tenantId),
        eq(oauthAssertions.clientId, clientId),
        lt(oauthAssertions.expiresAt, at),
      ),
    );
}
