import { type Credential, claimExpiring, listWarned } from '../storage/credentials.ts';
import { inTransaction } from '../storage/database.ts';
import { tenantSlugs } from '../storage/tenants.ts';
import { recordAdministration } from './administration.ts';
import type { Context } from './context.ts';

/** How many days before it expires a credential is warned of. */
export const EXPIRY_WARNING_DAYS = 7;
/** What part of its life must be over first, so that one for an hour is not warned of as soon as it is issued: 4/5. */
export const EXPIRY_WARNING_SHARE = 0.2;
/** How often expiring credentials are looked for. */
export const EXPIRY_LOOKOUT_SECONDS = 600;
/** Most credentials that are warned of at a time; the next look finds the others. */
export const MAX_WARNINGS = 500;

/** Who acts where nobody asked for anything. */
const THE_SERVER = { actor: 'server' };

/** A credential that is about to expire. */
export interface Expiring {
  readonly tenant: string;
  readonly credential: Credential;
}

/**
 * The live credentials that are about to expire and have no successor, each of them once, to whichever process asks
 * first, and with an event that tells of it.
 */
export async function newlyExpiring(context: Context): Promise<Expiring[]> {
  const due = { days: EXPIRY_WARNING_DAYS, share: EXPIRY_WARNING_SHARE, limit: MAX_WARNINGS };
  const found = await inTransaction(context.db, async (tx) => {
    const claimed = await claimExpiring(tx, context.clock(), due);
    for (const { tenantId, id, prefix, expiresAt } of claimed) {
      const detail = { prefix, expiresAt: expiresAt?.toISOString() ?? null };
      const done = { kind: 'token-expiring', attributes: [], detail, credentialId: id } as const;
      await recordAdministration(tx, context, THE_SERVER, tenantId, done);
    }
    return claimed;
  });
  return withSlugs(context, found);
}

/** The live credentials that were warned of and have no successor yet, those first that expire first. */
export async function expiringCredentials(context: Context): Promise<Expiring[]> {
  return withSlugs(context, await listWarned(context.db, context.clock(), MAX_WARNINGS));
}

async function withSlugs(context: Context, found: readonly Credential[]): Promise<Expiring[]> {
  const slugs = await tenantSlugs(context.db, [...new Set(found.map(({ tenantId }) => tenantId))]);
  return found.map((credential) => ({ tenant: slugs.get(credential.tenantId) ?? credential.tenantId, credential }));
}
