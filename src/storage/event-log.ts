import { type SQL, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { lowestIdAt } from './ids.ts';

/** An event as it is stored. */
export interface StoredEvent {
  readonly id: string;
  readonly kind: string;
  readonly typeNumber: number;
  readonly resourceId: string;
  readonly version: number;
  readonly attributes: readonly string[];
  readonly actor: string;
  readonly at: Date;
  readonly requestId: string | null;
  /** JSON. */
  readonly detail: string | null;
}

/** Which events are asked for. */
export interface EventQuery {
  readonly order: 'newest' | 'oldest';
  /** Only those that come after the one with that id in the order. */
  readonly after?: string;
  /** Only those that happened then or later. */
  readonly since?: Date;
  /** Only those that happened before. */
  readonly until?: Date;
  readonly kind?: string;
  readonly resourceId?: string;
  readonly actor?: string;
  readonly limit: number;
}

/** An event in a list, with the number of the seal that holds it, if one does already. */
export interface ListedEvent extends StoredEvent {
  readonly seal: number | null;
}

/** Events as they are sealed, in the order of their ids. */
export interface EventBatch {
  readonly count: number;
  /** The ids as PostgreSQL writes a list of them: a thousand need not be read to be stored. */
  readonly ids: string;
  readonly firstId: string;
  readonly lastId: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Their lines as `events/seal.ts` has them, with a line feed between each two. */
  readonly lines: string;
}

/** What a look for events that no seal holds has found. */
export interface UnsealedEvents {
  /** Those that no seal holds, if there are any. */
  readonly batch: EventBatch | undefined;
  /** Events that were looked at; where they are fewer than asked for, there is nothing behind them. */
  readonly length: number;
  /** The id of the last of these; undefined where there is none. */
  readonly last: string | undefined;
}

/** How far the instant in an event's id may be from that of the event, so that ids bound what is read for a time. */
const ID_DRIFT_MS = 60 * 60 * 1000;

// `extract` would count in decimal numbers, which takes longer; instants have whole milliseconds.
const COLUMNS = sql`e.id, e.kind, e.type as "typeNumber", e.resource_id as "resourceId", e.version, e.attributes, e.actor,
  round(date_part('epoch', e.created_at) * 1000) as at, e.request_id as "requestId", e.detail`;

// To the letter what `eventLine` in events/seal.ts makes of it. A thousand lines as one text cost the server's process a seventh of
// what a thousand rows do.
const LINE =
  sql.raw(`'{"event":"' || e.id || '","at":"' || to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  || '","kind":' || to_json(e.kind) || ',"type":' || e.type || ',"resource":"' || e.resource_id || '","version":' || e.version
  || ',"attributes":' || to_json(e.attributes) || ',"actor":' || to_json(e.actor)
  || coalesce(',"request":' || to_json(e.request_id), '') || coalesce(',"detail":' || e.detail, '') || '}'`);

type Row<T> = Omit<T, 'at'> & { at: number };

/** Events of the tenant, in the order of their ids. */
export async function listEvents(db: Database, tenantId: string, query: EventQuery): Promise<ListedEvent[]> {
  const direction = query.order === 'newest' ? sql`desc` : sql`asc`;
  const found = await rows<Row<ListedEvent>>(
    db,
    sql`with page as materialized (
        select ${COLUMNS} from events e where ${sql.join(conditions(tenantId, query), sql` and `)}
        order by e.id ${direction} limit ${query.limit}::int)
      select page.*, seal.number as seal from page left join lateral (
        select s.number from seals s where s.tenant_id = ${tenantId}::uuid and s.last_id >= page.id
          and s.first_id <= page.id and page.id = any(s.events)
        order by s.last_id limit 1) seal on true
      order by page.id ${direction}`,
  );
  return found.map(dated);
}

function conditions(tenantId: string, { order, after, since, until, kind, resourceId, actor }: EventQuery): SQL[] {
  const all: (SQL | false | undefined)[] = [
    sql`e.tenant_id = ${tenantId}::uuid`,
    after !== undefined && (order === 'newest' ? sql`e.id < ${after}::uuid` : sql`e.id > ${after}::uuid`),
    since && sql`e.created_at >= ${since.toISOString()}::timestamptz and e.id >= ${drifted(since, -1)}::uuid`,
    until && sql`e.created_at < ${until.toISOString()}::timestamptz and e.id < ${drifted(until, 1)}::uuid`,
    kind !== undefined && sql`e.kind = ${kind}`,
    resourceId !== undefined && sql`e.resource_id = ${resourceId}::uuid`,
    actor !== undefined && sql`e.actor = ${actor}`,
  ];
  return all.filter((one) => one !== undefined && one !== false);
}

function drifted(instant: Date, direction: 1 | -1): string {
  return lowestIdAt(new Date(instant.getTime() + direction * ID_DRIFT_MS));
}

/**
 * A look at so many events after that id, in the order of their ids; gives those that no seal holds. What comes late is
 * among those that were looked at before, so of these nothing is given.
 */
export async function unsealedEvents(
  db: Database,
  tenantId: string,
  after: string,
  limit: number,
): Promise<UnsealedEvents> {
  const [found] = await rows<Looked>(
    db,
    sql`with page as materialized (
        select e.* from events e where e.tenant_id = ${tenantId}::uuid and e.id > ${after}::uuid
        order by e.id limit ${limit}::int),
      looked as materialized (
        select count(*)::int as length, (select p.id from page p order by p.id limit 1) as first,
          (select p.id from page p order by p.id desc limit 1) as last from page),
      sealed as materialized (
        select ids.id from seals s cross join lateral unnest(s.events) as ids (id)
        where s.tenant_id = ${tenantId}::uuid and s.last_id >= (select l.first from looked l)
          and s.first_id <= (select l.last from looked l))
      select looked.length, looked.last, u.* from looked cross join lateral (
        select count(*)::int as count, array_agg(e.id)::text as ids, string_agg(${LINE}, ${sql.raw(`E'\n'`)}) as lines,
          round(date_part('epoch', min(e.created_at)) * 1000) as "firstAt",
          round(date_part('epoch', max(e.created_at)) * 1000) as "lastAt"
        from (select e.* from page e where not exists (select from sealed where sealed.id = e.id) order by e.id) e) u`,
  );
  const { length = 0, last } = found ?? {};
  return { batch: found && batchIn(found), length, last: last ?? undefined };
}

type Looked = { readonly length: number; readonly last: string | null; readonly count: number } & (
  | { readonly ids: null }
  | { readonly ids: string; readonly lines: string; readonly firstAt: number; readonly lastAt: number }
);

const UUID_LENGTH = 36;

function batchIn(looked: Looked): EventBatch | undefined {
  if (looked.ids === null) return undefined;
  const { count, ids, lines, firstAt, lastAt } = looked;
  const [firstId, lastId] = [ids.slice(1, 1 + UUID_LENGTH), ids.slice(-1 - UUID_LENGTH, -1)];
  return { count, ids, firstId, lastId, firstAt: new Date(firstAt), lastAt: new Date(lastAt), lines };
}

/** How many events the tenant has after one id, up to another. */
export async function countEvents(db: Database, tenantId: string, after: string, last: string): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    sql`select count(*)::int as count from events e
      where e.tenant_id = ${tenantId}::uuid and e.id > ${after}::uuid and e.id <= ${last}::uuid`,
  );
  return found?.count ?? 0;
}

/** The events with these ids, in the order of the ids; those that are gone are left out. */
export async function eventsWithIds(db: Database, tenantId: string, ids: readonly string[]): Promise<StoredEvent[]> {
  const found = await rows<Row<StoredEvent>>(
    db,
    sql`select ${COLUMNS} from events e
      join unnest(${sql.param(ids)}::uuid[]) with ordinality as wanted (id, place) on wanted.id = e.id
      where e.tenant_id = ${tenantId}::uuid order by wanted.place`,
  );
  return found.map(dated);
}

function dated<T extends { at: number }>(row: T): Omit<T, 'at'> & { at: Date } {
  return { ...row, at: new Date(row.at) };
}
