import { hashOfToken, prefixFrom } from '../access/token.ts';
import { conflict, invalidValue, type ScimError } from '../protocol/errors.ts';
import { insertSuccessor, isLive } from '../storage/credentials.ts';
import { inTransaction } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import { recordAdministration } from './administration.ts';
import type { Context } from './context.ts';
import { credentialNamed, expiryAsked, type IssuedToken, issuance, noLiveCredential, textOf } from './credentials.ts';
import { LAST_INSTANT } from './instant-asked.ts';
import type { Operator } from './operator.ts';

/** How long the old credential goes on working when nothing else is asked for: a working day to move a client over. */
export const DEFAULT_OVERLAP_SECONDS = 24 * 60 * 60;
/** Longest time for which both may work. */
export const MAX_OVERLAP_SECONDS = 90 * 24 * 60 * 60;

/** How a credential is asked to be rotated. */
export interface Rotation {
  /** How long the old one goes on working. */
  readonly overlapSeconds?: number;
  /** When the new one expires, as RFC 3339 writes it; left out: after as long a life as the old one had. */
  readonly expiresAt?: string;
}

/**
 * Issues the credential that takes the place of another and sets an end to that one, so that a client can be moved over
 * while both work. Throws a 404 when there is no live one of that name, and a 409 when it has a successor already.
 */
export async function rotateToken(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  idOrPrefix: string,
  { overlapSeconds = DEFAULT_OVERLAP_SECONDS, expiresAt }: Rotation = {},
): Promise<IssuedToken & { readonly endsAt: Date }> {
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
    throw invalidValue(`The overlap is ${overlapSeconds} seconds; give from 0 to ${MAX_OVERLAP_SECONDS} (90 days).`);
  }
  const now = context.clock();
  const former = await credentialNamed(context, tenant, idOrPrefix);
  if (!former || !isLive(former, now)) throw noLiveCredential(tenant, idOrPrefix);
  if (former.rotatedTo !== null) throw rotatedAlready(former.prefix);
  const life = former.expiresAt && former.expiresAt.getTime() - former.createdAt.getTime();
  const credential = {
    ...former,
    id: context.newId(),
    prefix: prefixFrom(context.newSecret()),
    createdAt: now,
    expiresAt: expiresAt === undefined && life !== null ? endOf(now, life) : expiryAsked(expiresAt, now),
    lastUsedAt: null,
  };
  const token = textOf(credential, context.newSecret());
  const overlapEnd = new Date(now.getTime() + overlapSeconds * 1000);
  const endsAt = former.expiresAt && former.expiresAt < overlapEnd ? former.expiresAt : overlapEnd;
  const successor = { ...credential, secretHash: hashOfToken(token) };
  await inTransaction(context.db, async (tx) => {
    if (!(await insertSuccessor(tx, { id: former.id, endsAt }, successor))) throw rotatedAlready(former.prefix);
    const detail = { prefix: former.prefix, successor: credential.prefix, endsAt: endsAt.toISOString() };
    const done = { kind: 'token-rotated', attributes: ['expiresAt'], detail, credentialId: former.id } as const;
    await recordAdministration(tx, context, operator, tenant.id, done);
    await recordAdministration(tx, context, operator, tenant.id, issuance(credential));
  });
  operator.tenantChanged(tenant.id);
  return { token, credential, endsAt };
}

/** A credential that never expires is often given the last year that there is, and has one still when it is rotated. */
function endOf(now: Date, life: number): Date {
  return new Date(Math.min(now.getTime() + life, LAST_INSTANT.getTime()));
}

function rotatedAlready(prefix: string): ScimError {
  return conflict(`The credential ${prefix} was rotated or revoked already; rotate the one that took its place.`);
}
