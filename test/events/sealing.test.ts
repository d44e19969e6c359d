import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import type { Context } from '../../src/directory/context.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type Tenant } from '../../src/directory/tenants.ts';
import { eventSeals, SEALED_BY_ANOTHER_MS } from '../../src/event-seals.ts';
import { LookedThrough } from '../../src/events/looked-through.ts';
import {
  EVENTS_PER_SEAL,
  LATE_COMMIT_MS,
  type SealedBatch,
  SWEEP_MS,
  sealEvents,
  sealLate,
  sealRecent,
} from '../../src/events/sealing.ts';
import { createLogger } from '../../src/logger.ts';
import { unstorable } from '../../src/protocol/json.ts';
import type { Storage } from '../../src/storage/database.ts';
import { insertEvents } from '../../src/storage/events.ts';
import { lowestIdAt } from '../../src/storage/ids.ts';
import { type Seal, sealsAfter } from '../../src/storage/seals.ts';
import { describeEachDatabase } from '../support/database.ts';
import { watchStatements } from '../support/statements.ts';

const silent = createLogger('silent', { write() {} });

const ABOUT = { kind: 'patch', typeNumber: 1, resourceId: v7(), version: 2, attributes: ['title'], actor: 'operator' };

describeEachDatabase('sealing events', (open) => {
  let storage: Storage;
  let context: Context;
  beforeAll(async () => {
    storage = await open();
    context = systemContext(storage.db);
  });

  /** A tenant with one event, that of its creation. */
  const newTenant = (): Promise<Tenant> => createTenant(context, COMMAND_LINE, { slug: `t-${v7()}` });

  /** A tenant with nothing to seal. */
  async function tenantWithNothing(): Promise<Tenant> {
    const tenant = await newTenant();
    await sealAll(tenant);
    return tenant;
  }

  /** Events that happened so long ago, as their ids say. */
  async function happened(tenant: Tenant, count: number, agoMs = 0): Promise<string[]> {
    const at = new Date(Date.now() - agoMs);
    const ids = Array.from({ length: count }, () => (agoMs === 0 ? v7() : v7({ msecs: at.getTime() })));
    const row = (id: string) => ({ ...ABOUT, tenantId: tenant.id, id, at });
    await insertEvents(storage.db, ids.map(row));
    return ids;
  }

  async function sealAll(tenant: Tenant): Promise<SealedBatch[]> {
    const made: SealedBatch[] = [];
    for await (const seal of sealEvents(storage.db, context.clock, tenant.id)) made.push(seal);
    return made;
  }

  /** The tenants that a round makes seals of, and where it sweeps those of the sweep. */
  async function round(sweep: boolean): Promise<string[]> {
    const slugs: string[] = [];
    for await (const { tenant } of sealRecent(storage.db, context.clock)) slugs.push(tenant.slug);
    if (sweep) for await (const made of sealLate(storage.db, context.clock)) if (made) slugs.push(made.tenant.slug);
    return slugs;
  }

  const sealsOf = (tenant: Tenant) => sealsAfter(storage.db, tenant.id, 0, 1000);

  it('seals each event once, in the order of their ids, and nothing twice', async () => {
    const tenant = await tenantWithNothing();
    const ids = await happened(tenant, 3);
    const made = await sealAll(tenant);
    expect(await sealAll(tenant)).toEqual([]);
    const [before, after] = await sealsOf(tenant);
    expect(made).toEqual([{ number: 2, hash: after?.hash, count: 3 }]);
    expect(after).toMatchObject({ previous: before?.hash, events: [...ids].sort() });
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, seals: 2, events: 4, sealedNow: 0 });
  });

  it('tells when the first and the last of its events happened, whatever their order', async () => {
    const tenant = await tenantWithNothing();
    const [before] = await happened(tenant, 1, 60_000);
    const at = (id: string, milliseconds: number) => ({
      ...ABOUT,
      tenantId: tenant.id,
      id,
      at: new Date(milliseconds),
    });
    const [first, second] = [v7(), v7()];
    await insertEvents(storage.db, [at(first, 2_000_000_000_123), at(second, 1_000_000_000_456)]);
    await sealAll(tenant);
    expect((await sealsOf(tenant)).at(-1)).toMatchObject({
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
    const tenant = await newTenant();
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
        await sealAll(tenant);
        expect((await verifyEvents(context, tenant)).problems).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes as many events as fit, then the next', async () => {
    const tenant = await newTenant();
    await happened(tenant, EVENTS_PER_SEAL);
    expect((await sealAll(tenant)).map(({ count }) => count)).toEqual([EVENTS_PER_SEAL, 1]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: EVENTS_PER_SEAL + 1 });
  });

  it('takes an event that comes late into the next seal', async () => {
    const tenant = await tenantWithNothing();
    await happened(tenant, 2);
    await sealAll(tenant);
    const [late] = await happened(tenant, 1, LATE_COMMIT_MS / 2);
    const [next] = await happened(tenant, 1);
    expect(await round(false)).toContain(tenant.slug);
    expect((await sealsOf(tenant)).at(-1)?.events).toEqual([late, next]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 5, doubts: [] });
  });

  it('finds by a sweep what a round looks past, and by a verification everything', async () => {
    const tenant = await tenantWithNothing();
    const [veryLate] = await happened(tenant, 1, SWEEP_MS / 2);
    expect(await round(false)).not.toContain(tenant.slug);
    expect(await round(true)).toContain(tenant.slug);
    expect((await sealsOf(tenant)).at(-1)?.events).toEqual([veryLate]);
    await happened(tenant, 1, 2 * SWEEP_MS);
    expect(await round(true)).not.toContain(tenant.slug);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 3, sealedNow: 1 });
  });

  it('seals the whole past of a tenant that was never sealed', async () => {
    const tenant = await newTenant();
    const [old] = await happened(tenant, 1, 1000 * SWEEP_MS);
    await round(false);
    expect((await sealsOf(tenant)).flatMap(({ events }) => events)).toContain(old);
    expect(await verifyEvents(context, tenant)).toMatchObject({ sealedNow: 0, events: 2 });
  });

  it('leaves a tenant to the server that has just made a seal', async () => {
    const tenant = await tenantWithNothing();
    const chore = eventSeals(context, silent);
    // The first one sweeps.
    await chore.run();
    await happened(tenant, 1);
    await chore.run();
    expect(await sealsOf(tenant)).toHaveLength(1);
    const later = () => new Date(Date.now() + SEALED_BY_ANOTHER_MS);
    for await (const _ of sealRecent(storage.db, later, { idleMs: SEALED_BY_ANOTHER_MS }));
    expect(await sealsOf(tenant)).toHaveLength(2);
  });

  it('goes on with a sweep in the next rounds where one had no time left for it, whatever happens meanwhile', async () => {
    const [busy, tenant] = [await tenantWithNothing(), await tenantWithNothing()];
    let minutes = 0;
    // Each round is later than the last, and has the time of one look.
    const clock = () => new Date(Date.now() + minutes * 60_000);
    const chore = eventSeals({ ...context, clock }, silent, 0);
    const [veryLate] = await happened(tenant, 1, SWEEP_MS / 2);
    const lastOf = async (one: Tenant) => (await sealsOf(one)).at(-1)?.events;
    for (minutes = 1; minutes <= 40; minutes++) {
      const [id] = await happened(busy, 1);
      await chore.run();
      expect(await lastOf(busy)).toEqual([id]);
      if (minutes === 1) expect(await lastOf(tenant)).not.toEqual([veryLate]);
    }
    expect(await lastOf(tenant)).toEqual([veryLate]);
  });

  it('begins a sweep anew that has failed', async () => {
    const tenant = await tenantWithNothing();
    const [veryLate] = await happened(tenant, 1, SWEEP_MS / 2);
    // With nothing new to seal a round asks for the time once, and a sweep when it begins.
    await round(false);
    let calls = 0;
    const clock = () => {
      calls += 1;
      if (calls === 2) throw new Error('no time');
      return new Date();
    };
    const chore = eventSeals({ ...context, clock }, silent);
    await expect(chore.run()).rejects.toThrow('no time');
    await chore.run();
    expect((await sealsOf(tenant)).at(-1)?.events).toEqual([veryLate]);
  });

  it('finds each event that comes late although it only counts what it has looked through', async () => {
    const tenant = await tenantWithNothing();
    const servers = [new LookedThrough(), new LookedThrough()];
    const made = new Set<string>();
    // Some in order, some late, a round of one server or of the other; then one more, for what the last was told of too late.
    for (let step = 0; step < 60; step++) {
      const lateMs = step % 3 === 0 ? ((step * 7) % 13) * 1000 : 0;
      for (const id of await happened(tenant, 1 + (step % 2), lateMs)) made.add(id);
      const looked = servers[step % 5 === 0 ? 1 : 0];
      if (step % 2 === 0 && looked) for await (const _ of sealRecent(storage.db, context.clock, { looked }));
    }
    for await (const _ of sealRecent(storage.db, context.clock, { looked: servers[0] as LookedThrough }));
    const sealed = (await sealsOf(tenant)).slice(1).flatMap(({ events }) => events);
    expect([...sealed].sort()).toEqual([...made].sort());
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, sealedNow: 0 });
  });

  it('counts what it has looked through instead of reading it again', async () => {
    const tenant = await tenantWithNothing();
    const looked = new LookedThrough();
    const statements = watchStatements(storage);
    const sealRound = async () => {
      for await (const _ of sealRecent(storage.db, context.clock, { looked }));
      const taken = statements.taken().map((text) => {
        if (text.includes('unnest(s.events)')) return 'look';
        return text.includes('count(*)::int as count from events') ? 'count' : '';
      });
      return taken.filter((one) => one !== '');
    };
    // No other tenant has anything new.
    await round(false);
    await happened(tenant, EVENTS_PER_SEAL);
    await sealRound();
    await happened(tenant, 1);
    expect(await sealRound()).toEqual(['count', 'look']);
    const [late] = await happened(tenant, 1, LATE_COMMIT_MS / 2);
    const [next] = await happened(tenant, 1);
    // One more than there were: the first thousand are looked at again, and what is behind them.
    expect(await sealRound()).toEqual(['count', 'look', 'look']);
    expect((await sealsOf(tenant)).slice(-2).flatMap(({ events }) => events)).toEqual([late, next]);
  });

  it('is not kept from it by a seal of a clock that runs ahead', async () => {
    const tenant = await newTenant();
    const ahead = () => new Date(Date.now() + 60 * SEALED_BY_ANOTHER_MS);
    for await (const _ of sealEvents(storage.db, ahead, tenant.id));
    await happened(tenant, 1);
    for await (const _ of sealRecent(storage.db, context.clock, { idleMs: SEALED_BY_ANOTHER_MS }));
    expect(await sealsOf(tenant)).toHaveLength(2);
  });

  it('gives each number once, however many seal at a time', async () => {
    const tenant = await newTenant();
    await happened(tenant, 2 * EVENTS_PER_SEAL - 1);
    const made = (await Promise.all([sealAll(tenant), sealAll(tenant), sealAll(tenant)])).flat();
    expect(made.map(({ number }) => number).sort()).toEqual([1, 2]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 2 * EVENTS_PER_SEAL });
  });

  it('is a chore of a server, which logs each hash', async () => {
    const tenant = await tenantWithNothing();
    await happened(tenant, 1);
    let log = '';
    const write = (line: string) => {
      log += line;
    };
    await eventSeals(context, createLogger('info', { write })).run();
    const [, stored] = await sealsOf(tenant);
    const told = log.split('\n').find((line) => line.includes(tenant.slug));
    expect(JSON.parse(told ?? '{}')).toMatchObject({
      msg: 'events sealed',
      tenant: tenant.slug,
      seal: 2,
      hash: stored?.hash,
      events: 1,
    });
  });

  describe('a verification', () => {
    let tenant: Tenant;
    let seals: Seal[];
    /** A tenant with three seals, of 1, 2 and 2 events. */
    async function sealedTenant(): Promise<void> {
      tenant = await tenantWithNothing();
      for (let batch = 0; batch < 2; batch++) {
        await happened(tenant, 2);
        await sealAll(tenant);
      }
      seals = await sealsOf(tenant);
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
          const [id] = await happened(tenant, 1);
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
      await sealAll(tenant);
      const anew = await sealsOf(tenant);
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
      const [id] = await happened(tenant, 1, 2 * 60 * 60 * 1000);
      const { ok, doubts } = await verifyEvents(context, tenant);
      expect(ok).toBe(true);
      expect(doubts).toEqual([expect.stringContaining(`Event ${id} says `)]);
    });

    it('refuses a hash that can be none', async () => {
      await expect(verifyEvents(context, tenant, 'abc')).rejects.toThrow('"abc" is no hash of a seal');
    });
  });

  it('bounds ids by instants', () => {
    const at = new Date('2026-02-01T00:00:00.000Z');
    expect(v7({ msecs: at.getTime() }) > lowestIdAt(at)).toBe(true);
    expect(v7({ msecs: at.getTime() - 1 }) < lowestIdAt(at)).toBe(true);
  });
});
