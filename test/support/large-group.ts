import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { GROUP_SCHEMA } from '../../src/schema/urns.ts';
import { type Database, rows } from '../../src/storage/database.ts';
import type { TestApp } from './app.ts';

/** Makes a group of so many, a third of whom have no name to be shown, and a quarter of whom are of another type; gives its id. */
export async function groupOf(
  db: Database,
  app: TestApp,
  size: number,
  displayName: string = randomUUID(),
): Promise<string> {
  const { body } = await app.request('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName });
  await rows(
    db,
    sql`with users as (
        insert into resources (tenant_id, id, type, unique_key, version, created_at, updated_at, doc, display)
        select ${app.tenant.id}::uuid, gen_random_uuid(), case n % 4 when 0 then 2 else 1 end, ${randomUUID()}::text || n, 1,
          now(), now(), '{}', case n % 3 when 0 then null else 'Name "' || n || '", ]' end
        from generate_series(1, ${size}::int) n returning id, type
      )
      insert into members (tenant_id, group_id, member_id, type)
      select ${app.tenant.id}::uuid, ${body.id}::uuid, id, type from users`,
  );
  return String(body.id);
}
