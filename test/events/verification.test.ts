import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import type { Context } from '../../src/directory/context.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import type { Tenant } from '../../src/directory/tenants.ts';
import type { Storage } from '../../src/storage/database.ts';
import type { Seal } from '../../src/storage/seals.ts';
import { describeEachDatabase } from '../support/database.ts';
import { happened, sealAll, sealsOfTenant, tenantWithNothing } from './sealing-fixtures.ts';

describeEachDatabase('a verification of seals', (open) => {
  let storage: Storage;
  let context: Context;
  beforeAll(async () => {
    storage = await open();
    context = systemContext(storage.db);
  });

  let tenant: Tenant;
  let seals: Seal[];
  /** A tenant with three seals, of 1, 2 and 2 events. */
  async function sealedTenant(): Promise<void> {
    tenant = await tenantWithNothing(context);
    for (let batch = 0; batch < 2; batch++) {
      await happened(context, tenant, 2);
      await sealAll(context, tenant);
    }
    seals = await sealsOfTenant(context, tenant);
    expect(await verifyEvents(context, tenant, seals.at(-1)?.hash)).toMatchObject({ ok: true, events: 5 });
  }
  const idOf = (number: number, index: number) => seals.find((seal) => seal.number === number)?.events[index] ?? '';
  const execute = (query: Parameters<Storage['db']['execute']>[0]) => storage.db.execute(query);
  const mine = () => sql`tenant_id = ${tenant.id}::uuid`;

  const TAMPERINGS: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a changed actor',
      () => execute(sql`update events set actor = 'credential:another' where ${mine()} and id = ${idOf(2, 0)}::uuid`),
      /^Seal 2: an event of it was changed/,
    ],
    [
      'changed attributes',
      () => execute(sql`update events set attributes = '{}' where ${mine()} and id = ${idOf(3, 1)}::uuid`),
      /^Seal 3: an event of it was changed/,
    ],
    [
      'a changed instant',
      () =>
        execute(
          sql`update events set created_at = created_at - interval '1 ms' where ${mine()} and id = ${idOf(2, 1)}::uuid`,
        ),
      /^Seal 2: an event of it was changed/,
    ],
    [
      'an event that is gone',
      () => execute(sql`delete from events where ${mine()} and id = ${idOf(2, 1)}::uuid`),
      /^Seal 2: 1 of its 2 events are gone, such as /,
    ],
    [
      'events in another order',
      () => execute(sql`update seals set events = array[events[2], events[1]] where ${mine()} and number = 2`),
      /^Seal 2: an event of it was changed, added or moved/,
    ],
    [
      'an event put into a seal',
      async () => {
        const [id] = await happened(context, tenant, 1);
        await execute(sql`update seals set events = events || ${id}::uuid where ${mine()} and number = 2`);
      },
      /^Seal 2: an event of it was changed, added or moved/,
    ],
    [
      'an event taken out of a seal',
      () => execute(sql`update seals set events = array[events[1]] where ${mine()} and number = 2`),
      /^Seal 2: an event of it was changed, added or moved/,
    ],
    [
      'a seal with another hash',
      () => execute(sql`update seals set hash = repeat('a', 64) where ${mine()} and number = 2`),
      /^Seal 2: an event of it was changed[\s\S]*Seal 3 does not continue seal 2|^Seal 3 does not continue/m,
    ],
    [
      'a seal with bounds that hide it',
      () => execute(sql`update seals set last_id = first_id where ${mine()} and number = 2`),
      /^Seal 2: it says that its events are others/,
    ],
    [
      'a seal that is gone from the middle',
      () => execute(sql`delete from seals where ${mine()} and number = 2`),
      /^Seal 2 is gone, before seal 3/,
    ],
    [
      'the first seal gone',
      () => execute(sql`delete from seals where ${mine()} and number = 1`),
      /^Seal 1 is gone, before seal 2/,
    ],
  ];
  it.each(TAMPERINGS)('finds %s', async (_, tamper, told) => {
    await sealedTenant();
    await tamper();
    const { ok, problems } = await verifyEvents(context, tenant);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toMatch(told);
  });

  it('finds a seal that was made anew with its events, since the next one does not continue it', async () => {
    await sealedTenant();
    const next = seals.at(-1);
    await execute(sql`update events set actor = 'credential:another' where ${mine()} and id = ${idOf(2, 0)}::uuid`);
    await execute(sql`delete from seals where ${mine()} and number >= 2`);
    await sealAll(context, tenant);
    const anew = await sealsOfTenant(context, tenant);
    expect(anew.map(({ number }) => number)).toEqual([1, 2]);
    // The whole chain was written anew: only who noted a hash before can tell.
    expect((await verifyEvents(context, tenant)).ok).toBe(true);
    expect((await verifyEvents(context, tenant, next?.hash)).problems).toEqual([
      `No seal has the hash ${next?.hash}: the end was cut off, or the seals are others than then.`,
    ]);
  });

  it('finds by a noted hash that the end was cut off', async () => {
    await sealedTenant();
    const head = seals.at(-1)?.hash;
    await execute(sql`delete from events where ${mine()} and id in (${idOf(3, 0)}::uuid, ${idOf(3, 1)}::uuid)`);
    await execute(sql`delete from seals where ${mine()} and number = 3`);
    expect((await verifyEvents(context, tenant)).ok).toBe(true);
    expect((await verifyEvents(context, tenant, head)).ok).toBe(false);
    expect((await verifyEvents(context, tenant, seals[1]?.hash)).ok).toBe(true);
  });

  it('doubts an event that was put between sealed ones', async () => {
    await sealedTenant();
    const [id] = await happened(context, tenant, 1, 2 * 60 * 60 * 1000);
    const { ok, doubts } = await verifyEvents(context, tenant);
    expect(ok).toBe(true);
    expect(doubts).toEqual([expect.stringContaining(`Event ${id} says `)]);
  });

  it('refuses a hash that can be none', async () => {
    await expect(verifyEvents(context, tenant, 'abc')).rejects.toThrow('"abc" is no hash of a seal');
  });
});
