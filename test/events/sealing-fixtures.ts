import { v7 } from 'uuid';
import type { Context } from '../../src/directory/context.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { createTenant, type Tenant } from '../../src/directory/tenants.ts';
import {
  findUnsealed,
  type SealedBatch,
  type SealingRound,
  sealEvents,
  sealLate,
  sealNoted,
} from '../../src/events/sealing.ts';
import { createLogger } from '../../src/logger.ts';
import { insertEvents } from '../../src/storage/events.ts';
import { type Seal, sealsAfter } from '../../src/storage/seals.ts';

export const silent = createLogger('silent', { write() {} });

/** What an event is about, where a test does not care. */
export const ABOUT = {
  kind: 'patch',
  typeNumber: 1,
  resourceId: v7(),
  version: 2,
  attributes: ['title'],
  actor: 'operator',
};

/** A tenant with one event, that of its creation. */
export function newTenant(context: Context): Promise<Tenant> {
  return createTenant(context, COMMAND_LINE, { slug: `t-${v7()}` });
}

/** A tenant with nothing to seal. */
export async function tenantWithNothing(context: Context): Promise<Tenant> {
  const tenant = await newTenant(context);
  await sealAll(context, tenant);
  return tenant;
}

/** Stores events that happened so long ago, as their ids say, and that this process has not heard of. */
export async function happened({ db }: Context, tenant: Tenant, count: number, agoMs = 0): Promise<string[]> {
  const at = new Date(Date.now() - agoMs);
  const ids = Array.from({ length: count }, () => (agoMs === 0 ? v7() : v7({ msecs: at.getTime() })));
  const about = { ...ABOUT, tenantId: tenant.id };
  await insertEvents(
    db,
    ids.map((id) => ({ ...about, id, at })),
  );
  return ids;
}

/** Seals whatever the tenant has. */
export async function sealAll({ db, clock }: Context, tenant: Tenant): Promise<SealedBatch[]> {
  const made: SealedBatch[] = [];
  for await (const seal of sealEvents(db, clock, tenant.id)) made.push(seal);
  return made;
}

/** Does what a round of a server does; gives the tenants that it makes seals of. */
export async function round({ db, clock, unsealed }: Context, left: SealingRound = {}): Promise<string[]> {
  for await (const _ of findUnsealed(db, clock, unsealed));
  const slugs: string[] = [];
  for await (const made of sealNoted(db, clock, unsealed, left)) if (made) slugs.push(made.tenant.slug);
  return slugs;
}

/** Sweeps; gives the tenants that it makes seals of. */
export async function sweep({ db, clock }: Context): Promise<string[]> {
  const slugs: string[] = [];
  for await (const made of sealLate(db, clock)) if (made) slugs.push(made.tenant.slug);
  return slugs;
}

/** The seals of the tenant. */
export function sealsOfTenant({ db }: Context, tenant: Tenant): Promise<Seal[]> {
  return sealsAfter(db, tenant.id, 0, 1000);
}
