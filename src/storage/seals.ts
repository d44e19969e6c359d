import { and, asc, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { prebuilt } from './prebuilt.ts';
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

/** How far the events of a tenant are sealed. */
export interface SealState {
  readonly slug: string;
  /** The highest id that a seal holds; null where there is no seal. */
  readonly sealedTo: string | null;
  /** When that seal was made. */
  readonly sealedAt: Date | null;
  /** The highest id of an event, sealed or not. */
  readonly lastEvent: string | null;
}

const SEAL_STATE = prebuilt<'tenantId'>(
  ({ tenantId }) => sql`with sealed as materialized (
      select s.last_id as to_id, s.sealed_at as at from seals s where s.tenant_id = ${tenantId}::uuid
      order by s.last_id desc limit 1)
    select t.slug, (select to_id from sealed) as "sealedTo",
      (select round(date_part('epoch', at) * 1000) from sealed) as "sealedAt",
      (select e.id from events e where e.tenant_id = ${tenantId}::uuid order by e.id desc limit 1) as "lastEvent"
    from tenants t where t.id = ${tenantId}::uuid`,
);

/** How far the events of the tenant are sealed, by a look into each index; undefined where there is no such tenant. */
export async function sealState(db: Database, tenantId: string): Promise<SealState | undefined> {
  type Row = Omit<SealState, 'sealedAt'> & { readonly sealedAt: number | null };
  const [found] = await rows<Row>(db, SEAL_STATE({ tenantId }));
  return found && { ...found, sealedAt: found.sealedAt === null ? null : new Date(found.sealedAt) };
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
