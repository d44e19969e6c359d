import { jsonTextOf } from '../schema/json-text.ts';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import { copyIn } from './copy-in.ts';
import type { EventRow } from './events.ts';
import type { Database } from './handle.ts';

const COLUMNS = [
  'tenant_id',
  'id',
  'kind',
  'type',
  'resource_id',
  'version',
  'attributes',
  'actor',
  'created_at',
  'request_id',
  'detail',
];
/** What most rows have at most, so that the rows are seldom moved to a larger place. */
const EXPECTED_BYTES = 1536;

/** Stores many events of one tenant, in the transaction of the changes that they tell of. */
export async function copyEvents(tx: Database, tenantId: string, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const out = new BinaryRows(events.length * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  for (const { id, kind, typeNumber, resourceId, version, attributes, actor, at, requestId, detail } of events) {
    out.row(COLUMNS.length).uuid(tenant).uuid(uuidBytes(id)).text(kind).smallint(typeNumber);
    out.uuid(uuidBytes(resourceId)).int(version).texts(attributes).text(actor).instant(at);
    out.text(requestId ?? null).text(detail === undefined ? null : jsonTextOf(detail));
  }
  await copyIn(tx, 'events', COLUMNS, out.finished());
}
