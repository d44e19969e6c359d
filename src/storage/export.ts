import { sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { LOWEST_ID } from './ids.ts';
import { RESOURCE_COLUMNS, type ResourceRow } from './resources.ts';

/** How many are read at a time: so many, and no more when they have so many bytes. */
export interface ExportedPart {
  readonly count: number;
  readonly bytes: number;
}

/** The next resources of a type, by id, behind that one; none where it was the last. */
export function resourcesAfter(
  db: Database,
  tenantId: string,
  typeNumber: number,
  after: string = LOWEST_ID,
  { count, bytes }: ExportedPart,
): Promise<ResourceRow[]> {
  return rows<ResourceRow>(
    db,
    sql`select ${RESOURCE_COLUMNS} from (
        select n.*, sum(octet_length(n.doc)) over (order by n.id) - octet_length(n.doc) as bytes_before from (
          select r.* from resources r
          where r.tenant_id = ${tenantId}::uuid and r.type = ${typeNumber}::smallint and r.id > ${after}::uuid
          order by r.id limit ${count}::int) n) r
      where r.bytes_before < ${bytes}::int order by r.id`,
  );
}

/** The next members of a group, by id, behind that one. */
export function membersAfter(
  db: Database,
  tenantId: string,
  groupId: string,
  after: string = LOWEST_ID,
  most: number,
): Promise<{ id: string; type: number }[]> {
  return rows<{ id: string; type: number }>(
    db,
    sql`select member_id as id, type from members where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid
      and member_id > ${after}::uuid order by member_id limit ${most}::int`,
  );
}
