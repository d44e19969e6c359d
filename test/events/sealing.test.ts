import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import type { Context } from '../../src/directory/context.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { EVENTS_PER_SEAL } from '../../src/events/sealing.ts';
import { unstorable } from '../../src/protocol/json.ts';
import type { Storage } from '../../src/storage/database.ts';
import { insertEvents } from '../../src/storage/events.ts';
import { lowestIdAt } from '../../src/storage/ids.ts';
import { describeEachDatabase } from '../support/database.ts';
import { ABOUT, happened, newTenant, sealAll, sealsOfTenant, tenantWithNothing } from './sealing-fixtures.ts';

describeEachDatabase('sealing events', (open) => {
  let storage: Storage;
  let context: Context;
  beforeAll(async () => {
    storage = await open();
    context = systemContext(storage.db);
  });

  it('seals each event once, in the order of their ids, and nothing twice', async () => {
    const tenant = await tenantWithNothing(context);
    const ids = await happened(context, tenant, 3);
    const made = await sealAll(context, tenant);
    expect(await sealAll(context, tenant)).toEqual([]);
    const [before, after] = await sealsOfTenant(context, tenant);
    expect(made).toEqual([{ number: 2, hash: after?.hash, count: 3 }]);
    expect(after).toMatchObject({ previous: before?.hash, events: [...ids].sort() });
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, seals: 2, events: 4, sealedNow: 0 });
  });

  it('tells when the first and the last of its events happened, whatever their order', async () => {
    const tenant = await tenantWithNothing(context);
    const [before] = await happened(context, tenant, 1, 60_000);
    const at = (id: string, milliseconds: number) => ({
      ...ABOUT,
      tenantId: tenant.id,
      id,
      at: new Date(milliseconds),
    });
    const [first, second] = [v7(), v7()];
    await insertEvents(storage.db, [at(first, 2_000_000_000_123), at(second, 1_000_000_000_456)]);
    await sealAll(context, tenant);
    expect((await sealsOfTenant(context, tenant)).at(-1)).toMatchObject({
      events: [before, first, second],
      firstId: before,
      lastId: second,
      firstAt: new Date(1_000_000_000_456),
      lastAt: new Date(2_000_000_000_123),
    });
  });

  it('hashes the lines that an export has, whatever is in them', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"\\\b\f\n\r\t\u0001\u007f\u2028\ud83d\ude00'),
    );
    const storable = text.filter((one) => unstorable(one) === undefined);
    const event = fc.record({
      kind: storable,
      typeNumber: fc.integer({ min: 0, max: 32_767 }),
      version: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      attributes: fc.array(
        storable.map((one) => one.replaceAll('\n', '')).filter((one) => one !== ''),
        { maxLength: 4 },
      ),
      actor: storable,
      at: fc.date({
        min: new Date(0),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      requestId: fc.option(storable, { nil: undefined }),
      detail: fc.option(fc.dictionary(storable, storable), { nil: undefined }),
    });
    const tenant = await newTenant(context);
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 5 }), async (events) => {
        const about = { tenantId: tenant.id, resourceId: v7() };
        await insertEvents(
          storage.db,
          events.map(({ requestId, detail, ...one }) => ({
            ...about,
            ...one,
            id: v7(),
            ...(requestId === undefined ? {} : { requestId }),
            ...(detail === undefined ? {} : { detail }),
          })),
        );
        await sealAll(context, tenant);
        expect((await verifyEvents(context, tenant)).problems).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes as many events as fit, then the next', async () => {
    const tenant = await newTenant(context);
    await happened(context, tenant, EVENTS_PER_SEAL);
    expect((await sealAll(context, tenant)).map(({ count }) => count)).toEqual([EVENTS_PER_SEAL, 1]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: EVENTS_PER_SEAL + 1 });
  });

  it('gives each number once, however many seal at a time', async () => {
    const tenant = await newTenant(context);
    await happened(context, tenant, 2 * EVENTS_PER_SEAL - 1);
    const made = (
      await Promise.all([sealAll(context, tenant), sealAll(context, tenant), sealAll(context, tenant)])
    ).flat();
    expect(made.map(({ number }) => number).sort()).toEqual([1, 2]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 2 * EVENTS_PER_SEAL });
  });

  it('bounds ids by instants', () => {
    const at = new Date('2026-02-01T00:00:00.000Z');
    expect(v7({ msecs: at.getTime() }) > lowestIdAt(at)).toBe(true);
    expect(v7({ msecs: at.getTime() - 1 }) < lowestIdAt(at)).toBe(true);
  });
});
