import { sql } from 'drizzle-orm';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import { copyIn } from './copy-in.ts';
import { uniqueViolation } from './errors.ts';
import { type Database, inTransaction, rows } from './handle.ts';
import { type LoggedRequest, ROW_BYTES } from './request-log.ts';

const COLUMNS = [
  'tenant_id',
  'id',
  'at',
  'request_id',
  'credential',
  'method',
  'path',
  'route',
  'status',
  'scim_type',
  'microseconds',
  'subjects',
  'request_body',
  'response_body',
  'details',
  'missed',
  'size',
];
/** What a row of a body or two has, so that the rows are seldom moved to a larger place. */
const EXPECTED_BYTES = 3072;

/**
 * Stores requests of one tenant, beside what else the tenant's requests cost the database as cheaply as it can be done. Those
 * that are there already stay so: where nobody heard that they were stored, they come again.
 */
export async function insertRequests(db: Database, tenantId: string, made: readonly LoggedRequest[]): Promise<void> {
  try {
    await copyRequests(db, tenantId, made);
  } catch (error) {
    if (uniqueViolation(error) === undefined) throw error;
    const ids = made.map(({ id }) => id);
    await inTransaction(db, async (tx) => {
      await rows(
        tx,
        sql`delete from request_log where tenant_id = ${tenantId}::uuid and id = any(${sql.param(ids)}::uuid[])`,
      );
      await copyRequests(tx, tenantId, made);
    });
  }
}

async function copyRequests(db: Database, tenantId: string, made: readonly LoggedRequest[]): Promise<void> {
  const out = new BinaryRows(made.length * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  for (const one of made) {
    const subjects = one.subjects.length === 0 ? '' : storable(`\n${one.subjects.join('\n')}\n`);
    const [path, details] = [storable(one.path), storable(one.details)];
    const [requestBody, responseBody] = [storable(one.requestBody), storable(one.responseBody)];
    out.row(COLUMNS.length).uuid(tenant).uuid(uuidBytes(one.id)).instant(one.at);
    out.text(storable(one.requestId)).text(storable(one.credential)).text(storable(one.method)).text(path);
    out.text(storable(one.route)).smallint(one.status).text(one.scimType).int(one.microseconds).text(subjects);
    out.text(requestBody).text(responseBody).text(details).int(one.missed);
    out.int(
      ROW_BYTES + bytesOf(path) + bytesOf(subjects) + bytesOf(requestBody) + bytesOf(responseBody) + bytesOf(details),
    );
  }
  await copyIn(db, [{ table: 'request_log', columns: COLUMNS, bytes: out.finished(), count: made.length }]);
}

/** What clients send may hold what PostgreSQL has no place for in a text. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', ' ') : text;
}

function bytesOf(text: string): number {
  return text.length === 0 ? 0 : Buffer.byteLength(text);
}
