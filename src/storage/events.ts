import { sql } from 'drizzle-orm';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { Database } from './handle.ts';
import { listed } from './listed.ts';

/** What happened, as it is stored. */
export interface EventRow {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: string;
  readonly typeNumber: number;
  readonly resourceId: string;
  readonly version: number;
  readonly attributes: readonly string[];
  readonly actor: string;
  readonly at: Date;
  /** The request that asked for it, where one did. */
  readonly requestId?: string | undefined;
  /** What was administered; events of resources have none. */
  readonly detail?: JsonObject | undefined;
}

// No attribute path holds it: rows of lists don't fit into an array of arrays, which must all be equally long.
const SEPARATOR = '\n';

/** Stores the events, in the transaction of the change that they tell of. */
export async function insertEvents(tx: Database, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const source = listed([
    ['uuid', events.map(({ tenantId }) => tenantId)],
    ['uuid', events.map(({ id }) => id)],
    ['text', events.map(({ kind }) => kind)],
    ['smallint', events.map(({ typeNumber }) => typeNumber)],
    ['uuid', events.map(({ resourceId }) => resourceId)],
    ['int', events.map(({ version }) => version)],
    ['text', events.map(({ attributes }) => attributes.join(SEPARATOR))],
    ['text', events.map(({ actor }) => actor)],
    ['text', events.map(({ at }) => at.toISOString())],
    ['text', events.map(({ requestId }) => requestId ?? null)],
    ['text', events.map(({ detail }) => (detail === undefined ? null : jsonTextOf(detail)))],
  ]);
  await tx.execute(sql`insert into events (tenant_id, id, kind, type, resource_id, version, attributes, actor, created_at,
      request_id, detail)
    select e.tenant_id, e.id, e.kind, e.type, e.resource_id, e.version,
      string_to_array(e.attributes, ${SEPARATOR}::text), e.actor, e.at::timestamptz, e.request_id, e.detail
    from ${source} as e (tenant_id, id, kind, type, resource_id, version, attributes, actor, at, request_id, detail)`);
}
