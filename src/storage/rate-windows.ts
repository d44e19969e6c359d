import { type SQL, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';

/** Rows of seconds that are longer past than this are swept. */
export const KEPT_SECONDS = 2;

/** Whose requests are counted together: a tenant's, or those of one of its credentials. */
export interface Counted {
  readonly tenantId: string;
  /** The tenant's id, or that of the credential. */
  readonly subject: string;
}

/** What became of a reservation. */
export interface Reservation {
  /** The second that it is for, since 1970. */
  readonly second: number;
  /** How much of that second was left when the database answered. */
  readonly msLeft: number;
  /** Requests that were reserved in it before, by every process. */
  readonly before: number;
  /** Requests that may be let in for this reservation: none when the second is full. */
  readonly granted: number;
}

/**
 * Reserves so many requests of the current second, or as many as its limit leaves. The second is that of the database's
 * clock, so that processes with different clocks count in the same one; `at` stands in for it in tests.
 */
export async function reserveRequests(
  db: Database,
  { tenantId, subject }: Counted,
  { limit, wanted }: { readonly limit: number; readonly wanted: number },
  at: Date | undefined,
): Promise<Reservation> {
  // A full second is not written again. Reservations may go past the limit by less than what was wanted last: what they had
  // before is then known exactly, and with it how much of this one counts.
  const [found] = await rows<{ second: number; left: number; taken: number | null }>(
    db,
    sql`with clock as materialized (select ${instant(at)} as t),
      reserved as (
        insert into rate_windows as w (tenant_id, subject, second, taken)
        select ${tenantId}::uuid, ${subject}::uuid, floor(t)::int, ${wanted}::int from clock
        on conflict (tenant_id, subject, second) do update set taken = w.taken + excluded.taken where w.taken < ${limit}::int
        returning taken
      )
      select floor(t)::int as second, (1000 * (floor(t) + 1 - t))::float8 as left, (select taken from reserved) as taken
      from clock`,
  );
  if (!found) throw new Error('a reservation is always answered');
  const { second, left: msLeft, taken } = found;
  const before = taken === null ? limit : taken - wanted;
  return { second, msLeft, before, granted: Math.max(0, Math.min(wanted, limit - before)) };
}

/** Removes the tenant's rows of seconds before that one; rows that somebody else works on are left for the next time. */
export async function sweepRateWindows(db: Database, tenantId: string, second: number): Promise<void> {
  await db.execute(sql`delete from rate_windows where tenant_id = ${tenantId}::uuid and (subject, second) in (
    select subject, second from rate_windows
    where tenant_id = ${tenantId}::uuid and second < ${second - KEPT_SECONDS}::int
    for update skip locked)`);
}

function instant(at: Date | undefined): SQL {
  return at === undefined ? sql`extract(epoch from clock_timestamp())::float8` : sql`${at.getTime() / 1000}::float8`;
}
