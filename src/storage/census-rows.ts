import { sql } from 'drizzle-orm';
import type { CensusValue } from './census.ts';
import { type Database, rows } from './handle.ts';
import { LOWEST_ID } from './ids.ts';
import { among } from './listed.ts';
import { prebuilt } from './prebuilt.ts';

/** Whose resources are counted. */
export interface CensusOf {
  readonly tenantId: string;
  /** Number of the resource type. */
  readonly type: number;
}

/** Resources by their ids, in order, 16 octets each. */
interface Ids {
  readonly ids: Uint8Array;
}

/** The resources that have a value. */
interface ValueIds extends Ids {
  readonly value: string;
}

/** Resources that are read at a time: to take them in is what other requests wait for. */
export const CENSUS_ROWS = 4096;
const ID_BYTES = 16;

/** When the last transaction was committed that the replica has by now; null where it is none. Long ago where it has no way to know. */
export async function replayedAt(db: Database): Promise<Date | null> {
  const [found] = await rows<{ at: string | null }>(db, REPLAYED_AT);
  return found?.at == null ? null : new Date(found.at);
}

const REPLAYED_AT = sql`select to_char(
    coalesce(pg_last_xact_replay_timestamp(), to_timestamp(0)) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
  where pg_is_in_recovery()`;

/** The ids of all resources, in parts. */
export async function* censusIds(db: Database, of: CensusOf): AsyncGenerator<Uint8Array> {
  for (let after = LOWEST_ID; ; ) {
    const [{ ids } = { ids: null }] = await rows<Ids | { ids: null }>(db, IDS({ ...of, after }));
    if (!ids) return;
    yield ids;
    if (ids.byteLength < CENSUS_ROWS * ID_BYTES) return;
    after = lastOf(ids);
  }
}

const IDS = prebuilt<'tenantId' | 'type' | 'after'>(
  ({ tenantId, type, after }) => sql`select string_agg(uuid_send(p.id), '') as ids from (
    select r.id from resources r where r.tenant_id = ${tenantId}::uuid and r.type = ${type}::smallint and r.id > ${after}::uuid
    order by r.id limit ${sql.raw(`${CENSUS_ROWS}`)}) p`,
);

/** The values of an attribute, in parts, each with those who have it. */
export async function* censusValues(
  db: Database,
  { tenantId }: CensusOf,
  attribute: number,
): AsyncGenerator<readonly ValueIds[]> {
  for (let after = { value: '', id: LOWEST_ID }; ; ) {
    const found = await rows<ValueIds>(db, VALUES({ tenantId, attribute, ...after }));
    const last = found.at(-1);
    if (!last) return;
    yield found;
    after = { value: last.value, id: lastOf(last.ids) };
  }
}

const VALUES = prebuilt<'tenantId' | 'attribute' | 'value' | 'id'>(
  ({ tenantId, attribute, value, id }) => sql`select p.value, string_agg(uuid_send(p.resource_id), '') as ids from (
    select v.value, v.resource_id from attribute_values v
    where v.tenant_id = ${tenantId}::uuid and v.attribute = ${attribute}::int
      and (v.value, v.resource_id) > (${value}::text, ${id}::uuid)
    order by v.value, v.resource_id limit ${sql.raw(`${CENSUS_ROWS}`)}) p
    group by p.value order by p.value`,
);

/** An event, and whose it is. */
export interface CensusEvent {
  readonly id: string;
  readonly resourceId: string;
}

/** Events of the resources with higher ids than that one, up to so many. */
export function censusEvents(db: Database, of: CensusOf, after: string, most: number): Promise<CensusEvent[]> {
  return rows<CensusEvent>(db, EVENTS({ ...of, after, most }));
}

const EVENTS = prebuilt<'tenantId' | 'type' | 'after' | 'most'>(
  ({ tenantId, type, after, most }) => sql`select e.id, e.resource_id as "resourceId" from events e
    where e.tenant_id = ${tenantId}::uuid and e.id > ${after}::uuid and e.type = ${type}::smallint
    order by e.id limit ${most}::int`,
);

/** The values that such resources have of the attributes; one without a value has a row nevertheless. */
export function censusChanges(
  db: Database,
  { tenantId, type }: CensusOf,
  ids: readonly string[],
  attributes: readonly number[],
): Promise<CensusValue[]> {
  return rows<CensusValue>(
    db,
    sql`select r.id, v.attribute, v.value from resources r left join attribute_values v
        on v.tenant_id = ${tenantId}::uuid and v.resource_id = r.id and ${among(sql`v.attribute`, attributes, 'int')}
      where r.tenant_id = ${tenantId}::uuid and r.type = ${type}::smallint and ${among(sql`r.id`, ids)}`,
  );
}

function lastOf(ids: Uint8Array): string {
  const hex = Buffer.from(ids.buffer, ids.byteOffset + ids.byteLength - ID_BYTES, ID_BYTES).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
