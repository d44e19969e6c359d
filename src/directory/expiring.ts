import { inTransaction } from '../storage/database.ts';
import * as stored from '../storage/expiring.ts';
import { tenantSlugs } from '../storage/tenants.ts';
import { recordAdministration } from './administration.ts';
import type { Context } from './context.ts';

/** How many days before it expires a credential is warned of. */
export const EXPIRY_WARNING_DAYS = 7;
/** What part of its life must be over first, so that one for an hour is not warned of as soon as it is issued: 4/5. */
export const EXPIRY_WARNING_SHARE = 0.2;
/** How often expiring credentials are looked for. */
export const EXPIRY_LOOKOUT_SECONDS = 600;
/** Most that metrics show. */
export const MAX_SHOWN = 500;

/** Who acts where nobody asked for anything. */
const THE_SERVER = { actor: 'server' };

/** A credential, or a secret of an OAuth client, that is about to expire. */
export interface Expiring extends stored.Expiring {
  /** The name of its tenant. */
  readonly tenant: string;
}

/**
 * What is live, about to expire and has no successor, each once, to whichever process asks first, and with an event that
 * tells of it.
 */
export async function newlyExpiring(context: Context): Promise<Expiring[]> {
  const due = { days: EXPIRY_WARNING_DAYS, share: EXPIRY_WARNING_SHARE };
  const found = await inTransaction(context.db, async (tx) => {
    const claimed = await stored.claimExpiring(tx, context.clock(), due);
    for (const { tenantId, id, prefix, client, expiresAt } of claimed) {
      const kind = client === null ? 'token-expiring' : 'client-secret-expiring';
      const about = client === null ? { prefix } : { prefix: client, secret: prefix };
      const detail = { ...about, expiresAt: expiresAt.toISOString() };
      await recordAdministration(tx, context, THE_SERVER, tenantId, { kind, attributes: [], detail, credentialId: id });
    }
    return claimed;
  });
  return withSlugs(context, found);
}

/** What was warned of, is still live and has no successor yet, those first that expire first. */
export async function expiringCredentials(context: Context): Promise<Expiring[]> {
  return withSlugs(context, await stored.listWarned(context.db, context.clock(), MAX_SHOWN));
}

async function withSlugs(context: Context, found: readonly stored.Expiring[]): Promise<Expiring[]> {
  const slugs = await tenantSlugs(context.db, [...new Set(found.map(({ tenantId }) => tenantId))]);
  return found.map((one) => ({ ...one, tenant: slugs.get(one.tenantId) ?? one.tenantId }));
}
