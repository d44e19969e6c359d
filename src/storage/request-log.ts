import { type SQL, sql } from 'drizzle-orm';
import { type Database, inTransaction, rows } from './handle.ts';

/** A request and its answer as they are kept, or a note of requests that were not (`missed`). */
export interface LoggedRequest {
  /** UUID v7 of the time when it was answered. */
  readonly id: string;
  /** When it came. */
  readonly at: Date;
  readonly requestId: string;
  readonly credential: string;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly status: number;
  readonly scimType: string;
  readonly microseconds: number;
  /** Ids of the resources concerned, and folded names of users. */
  readonly subjects: readonly string[];
  readonly requestBody: string;
  readonly responseBody: string;
  /** JSON of the rest, see `directory/request-log.ts`. */
  readonly details: string;
  /** Requests that were not kept. */
  readonly missed: number;
}

/** A logged request without bodies. */
export type RequestSummary = Omit<LoggedRequest, 'subjects' | 'requestBody' | 'responseBody'>;

/** Which requests are asked for. */
export interface RequestQuery {
  /** Ids that bound the walk: from the newest before `before` on, or with `after` from the oldest after it on. */
  readonly before?: string;
  readonly after?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Ranges of statuses, both ends included. */
  readonly statuses?: readonly (readonly [number, number])[];
  readonly credential?: string;
  /** Any of these ids of resources and folded names of users. */
  readonly subjects?: readonly string[];
  readonly text?: string;
  readonly limit: number;
}

/** A part of a walk; `next` is where it goes on. */
export interface RequestPage {
  readonly found: readonly RequestSummary[];
  readonly next: string | undefined;
}

/** Most rows that one search looks at: what it finds in them is its page, be it empty. */
export const MAX_ROWS_SEARCHED = 2000;
/** What a row counts beside its texts. */
export const ROW_BYTES = 200;

// Any number that nobody else locks in the database: S, W, E, E, P by their places in the alphabet.
const SWEEP_LOCK = 1_923_050_516;
const LOWEST = '00000000-0000-0000-0000-000000000000';
/** No request has a higher id. */
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The requests that the query asks for, among so many rows that the search stays short. */
export async function searchRequests(db: Database, tenantId: string, query: RequestQuery): Promise<RequestPage> {
  const { before, after, since, until, limit } = query;
  const oldestFirst = after !== undefined;
  const order = oldestFirst ? sql`asc` : sql`desc`;
  const from = latest([after, since && idAt(since)]);
  const to = earliest([before, until && idAt(until)]);
  const walked = sql`select id, at, request_id, credential, method, path, route, status, scim_type, microseconds, subjects,
      request_body, response_body, details, missed
    from request_log where tenant_id = ${tenantId}::uuid and id > ${from}::uuid and id < ${to}::uuid
    order by id ${order} limit ${MAX_ROWS_SEARCHED}::int`;
  const conditions = conditionsOf(query);
  const found = await rows<StoredSummary>(
    db,
    sql`select r.id, (extract(epoch from r.at) * 1000)::float8 as at, r.request_id as "requestId", r.credential, r.method, r.path,
        r.route, r.status::int as status, r.scim_type as "scimType", r.microseconds, r.details, r.missed
      from (${walked}) as r
      ${conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``}
      order by r.id ${order} limit ${limit + 1}::int`,
  );
  const page = found.slice(0, limit).map((row) => ({ ...row, at: new Date(row.at) }));
  if (found.length > limit) return { found: page, next: page.at(-1)?.id };
  return { found: page, next: await lastWalked(db, tenantId, from, to, order) };
}

type StoredSummary = Omit<RequestSummary, 'at'> & { readonly at: number };

/** The last row that a search looked at, where there may be more behind it. */
async function lastWalked(
  db: Database,
  tenantId: string,
  from: string,
  to: string,
  order: SQL,
): Promise<string | undefined> {
  const [last] = await rows<{ id: string }>(
    db,
    sql`select id from request_log where tenant_id = ${tenantId}::uuid and id > ${from}::uuid and id < ${to}::uuid
      order by id ${order} offset ${MAX_ROWS_SEARCHED - 1}::int limit 1`,
  );
  return last?.id;
}

function conditionsOf({ statuses, credential, subjects, text }: RequestQuery): SQL[] {
  const conditions: SQL[] = [];
  if (statuses) {
    const ranges = statuses.map(([least, most]) => sql`r.status between ${least}::int and ${most}::int`);
    conditions.push(sql`(${sql.join(ranges, sql` or `)})`);
  }
  if (credential !== undefined) conditions.push(sql`r.credential = ${credential}`);
  if (subjects) {
    const named = subjects.map((subject) => sql`position(${`\n${subject}\n`}::text in r.subjects) > 0`);
    conditions.push(sql`(${sql.join(named, sql` or `)})`);
  }
  if (text !== undefined) {
    const needle = sql`lower(${text}::text)`;
    const places = [sql`r.path`, sql`r.request_body`, sql`r.response_body`, sql`r.details`, sql`r.request_id`];
    conditions.push(
      sql`(${sql.join(
        places.map((place) => sql`position(${needle} in lower(${place})) > 0`),
        sql` or `,
      )})`,
    );
  }
  return conditions;
}

/** The request with that id, whole. */
export async function findRequest(db: Database, tenantId: string, id: string): Promise<LoggedRequest | undefined> {
  const [row] = await rows<Omit<LoggedRequest, 'at' | 'subjects'> & { at: number; subjects: string }>(
    db,
    sql`select id, (extract(epoch from at) * 1000)::float8 as at, request_id as "requestId", credential, method, path, route,
        status::int as status, scim_type as "scimType", microseconds, subjects, request_body as "requestBody",
        response_body as "responseBody", details, missed
      from request_log where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`,
  );
  return row && { ...row, at: new Date(row.at), subjects: row.subjects.split('\n').filter((one) => one !== '') };
}

/**
 * Deletes requests of the tenant up to that id, the oldest first and no more than so many, and gives how many there were: none
 * while another process deletes. The lock goes with the transaction, so that it works behind a pooler, too.
 */
export async function sweepRequests(db: Database, tenantId: string, upTo: string, limit: number): Promise<number> {
  return inTransaction(db, async (tx) => {
    const [lock] = await rows<{ mine: boolean }>(
      tx,
      sql`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as mine`,
    );
    return lock?.mine ? deleteRequests(tx, tenantId, upTo, limit) : 0;
  });
}

/** The same whoever else deletes. */
export async function deleteRequests(tx: Database, tenantId: string, upTo: string, limit: number): Promise<number> {
  const deleted = await rows<{ id: string }>(
    tx,
    sql`delete from request_log where tenant_id = ${tenantId}::uuid and id in (
        select id from request_log where tenant_id = ${tenantId}::uuid and id <= ${upTo}::uuid order by id limit ${limit}::int)
      returning id`,
  );
  return deleted.length;
}

/** Makes the space of deleted requests usable again. Only the embedded engine needs it, which does not do so by itself. */
export async function vacuumRequests(db: Database): Promise<void> {
  await db.execute(sql`vacuum request_log`);
}

/** Whether the tenant has a request up to that id. */
export async function hasRequestsUpTo(db: Database, tenantId: string, upTo: string): Promise<boolean> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from request_log where tenant_id = ${tenantId}::uuid and id <= ${upTo}::uuid limit 1`,
  );
  return found.length > 0;
}

/** The newest request that is too much for so many bytes, when those after it are kept. */
export async function firstBeyond(db: Database, tenantId: string, bytes: number): Promise<string | undefined> {
  const [found] = await rows<{ id: string }>(
    db,
    sql`select r.id from (
        select id, sum(size) over (order by id desc) as total from request_log where tenant_id = ${tenantId}::uuid
      ) as r where r.total > ${bytes}::float8 order by r.id desc limit 1`,
  );
  return found?.id;
}

/** The lowest id that a request answered at that time could have (RFC 9562 §5.7). */
export function idAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When the request with that id was answered. */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16));
}

// Ids are of one length and in lower case, so their order is that of their texts.
function latest(ids: readonly (string | undefined)[]): string {
  return ids.reduce<string>((most, id) => (id !== undefined && id > most ? id : most), LOWEST);
}

function earliest(ids: readonly (string | undefined)[]): string {
  return ids.reduce<string>((least, id) => (id !== undefined && id < least ? id : least), HIGHEST_ID);
}
