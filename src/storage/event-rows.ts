import { jsonTextOf } from '../schema/json-text.ts';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import type { CopiedRows } from './copy-in.ts';
import type { EventRow } from './events.ts';

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
const EXPECTED_BYTES = 1024;

/** Events of one tenant as rows, to be copied in. */
export function eventRows(tenantId: string, events: readonly EventRow[]): CopiedRows {
  const out = new BinaryRows(events.length * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  for (const { id, kind, typeNumber, resourceId, version, attributes, actor, at, requestId, detail } of events) {
    out.row(COLUMNS.length).uuid(tenant).uuid(uuidBytes(id)).text(kind).smallint(typeNumber);
    out.uuid(uuidBytes(resourceId)).int(version).texts(attributes).text(actor).instant(at);
    out.text(requestId ?? null).text(detail === undefined ? null : jsonTextOf(detail));
  }
  return { table: 'events', columns: COLUMNS, bytes: out.finished(), count: events.length };
}
