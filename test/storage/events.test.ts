import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import { rows, type Storage } from '../../src/storage/database.ts';
import { type EventRow, insertEvents } from '../../src/storage/events.ts';
import { describeEachDatabase } from '../support/database.ts';
import { AT } from './fixtures.ts';

describeEachDatabase('events', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  const eventOf = (tenantId: string): EventRow => ({
    tenantId,
    id: v7(),
    kind: 'patch',
    typeNumber: 1,
    resourceId: v7(),
    version: 3,
    attributes: ['title', 'say "hi", {x}'],
    actor: 'credential:abcd1234',
    at: AT,
  });

  it('stores every column', async () => {
    const event = eventOf(v7());
    await insertEvents(storage.db, [event]);
    const [stored] = await rows(
      storage.db,
      sql`select kind, type, resource_id as "resource", version, attributes, actor, created_at = ${AT.toISOString()}::timestamptz as at
        from events where tenant_id = ${event.tenantId}::uuid and id = ${event.id}::uuid`,
    );
    expect(stored).toEqual({
      kind: 'patch',
      type: 1,
      resource: event.resourceId,
      version: 3,
      attributes: ['title', 'say "hi", {x}'],
      actor: 'credential:abcd1234',
      at: true,
    });
  });

  it('takes none, and more than fit into one statement', async () => {
    const tenantId = v7();
    await insertEvents(storage.db, []);
    await insertEvents(
      storage.db,
      Array.from({ length: 8_000 }, () => eventOf(tenantId)),
    );
    const counted = await rows(
      storage.db,
      sql`select count(*)::int as n from events where tenant_id = ${tenantId}::uuid`,
    );
    expect(counted).toEqual([{ n: 8_000 }]);
  });
});
