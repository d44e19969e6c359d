import { and, asc, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { seals } from './tables.ts';

/** A batch of events under one hash, see `events/seal.ts`. */
export type Seal = typeof seals.$inferSelect;

/** The number and the hash of a seal. */
export type SealName = Pick<Seal, 'number' | 'hash'>;

/** A seal that is not stored yet, with the ids of its events as PostgreSQL writes a list of them. */
export type NewSeal = Omit<Seal, 'events'> & { readonly ids: string };

/** Stores the next seal of a tenant; false when another process was quicker, and then nothing is stored. */
export async function insertSeal(db: Database, seal: NewSeal): Promise<boolean> {
  const { ids, ...columns } = seal;
  const stored = await db
    .insert(seals)
    .values({ ...columns, events: sql`${ids}::uuid[]` })
    .onConflictDoNothing()
    .returning({ number: seals.number });
  return stored.length > 0;
}

/** The last seal of the tenant, without its events. */
export async function lastSeal(db: Database, tenantId: string): Promise<SealName | undefined> {
  const [found] = await db
    .select({ number: seals.number, hash: seals.hash })
    .from(seals)
    .where(eq(seals.tenantId, tenantId))
    .orderBy(desc(seals.number))
    .limit(1);
  return found;
}

/** The seal of the tenant with that number, without its events. */
export async function sealNumbered(db: Database, tenantId: string, number: number): Promise<SealName | undefined> {
  const [found] = await db
    .select({ number: seals.number, hash: seals.hash })
    .from(seals)
    .where(and(eq(seals.tenantId, tenantId), eq(seals.number, number)));
  return found;
}

/** Seals of the tenant after that number, in their order. */
export function sealsAfter(db: Database, tenantId: string, number: number, limit: number): Promise<Seal[]> {
  return db
    .select()
    .from(seals)
    .where(and(eq(seals.tenantId, tenantId), gt(seals.number, number)))
    .orderBy(asc(seals.number))
    .limit(limit);
}

/** The numbers of the first seal and of the last with events of that time; undefined when there are none. */
export async function sealsWithin(
  db: Database,
  tenantId: string,
  { since, until }: { readonly since?: Date; readonly until?: Date },
): Promise<{ readonly first: number; readonly last: number } | undefined> {
  const within = and(
    eq(seals.tenantId, tenantId),
    since && gte(seals.lastAt, since),
    until && lt(seals.firstAt, until),
  );
  const [found] = await rows<{ first: number | null; last: number | null }>(
    db,
    sql`select min(${seals.number}) as first, max(${seals.number}) as last from ${seals} where ${within}`,
  );
  return found?.first == null || found.last == null ? undefined : { first: found.first, last: found.last };
}
