import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { Storage } from '../../src/storage/database.ts';
import { resourceIds } from '../../src/storage/walk.ts';
import { describeEachDatabase } from '../support/database.ts';

describeEachDatabase('a walk over resources', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  async function insert(tenantId: string, type: number, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => v7());
    await storage.db.execute(sql`
      insert into resources (tenant_id, id, type, version, created_at, updated_at, doc)
      select ${tenantId}::uuid, given.id, ${type}::smallint, 1, now(), now(), '{}'
      from unnest(${sql.param(ids)}::uuid[]) as given (id)`);
    return ids.sort();
  }

  async function walked(tenantId: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const id of resourceIds(storage.db, tenantId, 1)) ids.push(id);
    return ids;
  }

  it.each([0, 1, 499, 500, 501, 1001])('of %i gives each once, in order', async (count) => {
    const tenantId = randomUUID();
    await insert(randomUUID(), 1, 3);
    await insert(tenantId, 2, 3);
    const ids = await insert(tenantId, 1, count);
    expect(await walked(tenantId)).toEqual(ids);
  });

  it('skips nothing when what it has given is deleted meanwhile', async () => {
    const tenantId = randomUUID();
    const ids = await insert(tenantId, 1, 600);
    const seen: string[] = [];
    for await (const id of resourceIds(storage.db, tenantId, 1)) {
      seen.push(id);
      await storage.db.execute(sql`delete from resources where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`);
    }
    expect(seen).toEqual(ids);
  });
});
