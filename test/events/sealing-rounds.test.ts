import { v7 } from 'uuid';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import type { Context } from '../../src/directory/context.ts';
import { issueToken } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import type { Tenant } from '../../src/directory/tenants.ts';
import { eventSeals, SEALED_BY_ANOTHER_MS } from '../../src/event-seals.ts';
import { inParts } from '../../src/events/in-parts.ts';
import { LookedThrough } from '../../src/events/looked-through.ts';
import { EVENTS_PER_SEAL, findUnsealed, SWEEP_MS, sealEvents, sealNoted } from '../../src/events/sealing.ts';
import { LATE_COMMIT_MS, UnsealedTenants } from '../../src/events/unsealed-tenants.ts';
import { createLogger } from '../../src/logger.ts';
import type { Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';
import { watchStatements } from '../support/statements.ts';
import {
  happened,
  newTenant,
  round,
  sealAll,
  sealsOfTenant,
  silent,
  sweep,
  tenantWithNothing,
} from './sealing-fixtures.ts';

describeEachDatabase('a server that seals', (open) => {
  let storage: Storage;
  let context: Context;
  beforeAll(async () => {
    storage = await open();
  });
  // Each test has a server of its own, which has heard of nothing.
  beforeEach(() => {
    context = systemContext(storage.db);
  });

  it('takes an event that comes late into the next seal', async () => {
    const tenant = await tenantWithNothing(context);
    await happened(context, tenant, 2);
    await sealAll(context, tenant);
    const [late] = await happened(context, tenant, 1, LATE_COMMIT_MS / 2);
    const [next] = await happened(context, tenant, 1);
    expect(await round(context)).toContain(tenant.slug);
    expect((await sealsOfTenant(context, tenant)).at(-1)?.events).toEqual([late, next]);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 5, doubts: [] });
  });

  it('finds by a sweep what a round looks past, and by a verification everything', async () => {
    const tenant = await tenantWithNothing(context);
    const [veryLate] = await happened(context, tenant, 1, SWEEP_MS / 2);
    expect(await round(context)).not.toContain(tenant.slug);
    expect(await sweep(context)).toContain(tenant.slug);
    expect((await sealsOfTenant(context, tenant)).at(-1)?.events).toEqual([veryLate]);
    await happened(context, tenant, 1, 2 * SWEEP_MS);
    expect(await round(context)).not.toContain(tenant.slug);
    expect(await sweep(context)).not.toContain(tenant.slug);
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 3, sealedNow: 1 });
  });

  it('seals the whole past of a tenant that was never sealed', async () => {
    const tenant = await newTenant(context);
    const [old] = await happened(context, tenant, 1, 1000 * SWEEP_MS);
    await round(context);
    expect((await sealsOfTenant(context, tenant)).flatMap(({ events }) => events)).toContain(old);
    expect(await verifyEvents(context, tenant)).toMatchObject({ sealedNow: 0, events: 2 });
  });

  it('leaves a tenant to the server that has just made a seal', async () => {
    const tenant = await tenantWithNothing(context);
    const chore = eventSeals(context, silent);
    // The first one sweeps.
    await chore.run();
    await happened(context, tenant, 1);
    await chore.run();
    expect(await sealsOfTenant(context, tenant)).toHaveLength(1);
    const later = () => new Date(Date.now() + SEALED_BY_ANOTHER_MS);
    await round({ ...context, clock: later }, { idleMs: SEALED_BY_ANOTHER_MS });
    expect(await sealsOfTenant(context, tenant)).toHaveLength(2);
  });

  it('goes on with a sweep in the next rounds where one had no time left for it, whatever happens meanwhile', async () => {
    const [busy, tenant] = [await tenantWithNothing(context), await tenantWithNothing(context)];
    let minutes = 0;
    // Each round is later than the last, and has the time of one look.
    const clock = () => new Date(Date.now() + minutes * 60_000);
    const unsealed = new UnsealedTenants();
    const chore = eventSeals({ ...context, clock, unsealed }, silent, 0);
    await round(context);
    const [veryLate] = await happened(context, tenant, 1, SWEEP_MS / 2);
    const lastOf = async (one: Tenant) => (await sealsOfTenant(context, one)).at(-1)?.events;
    for (minutes = 1; minutes <= 40; minutes++) {
      const [id] = await happened(context, busy, 1);
      unsealed.note(busy.id, clock());
      await chore.run();
      expect(await lastOf(busy)).toEqual([id]);
      if (minutes === 1) expect(await lastOf(tenant)).not.toEqual([veryLate]);
    }
    expect(await lastOf(tenant)).toEqual([veryLate]);
  });

  it('begins a sweep anew that has failed', async () => {
    const tenant = await tenantWithNothing(context);
    const [veryLate] = await happened(context, tenant, 1, SWEEP_MS / 2);
    // A sweep asks for the time when it begins, and for each seal; a round with nothing to seal does not.
    await round(context);
    let calls = 0;
    const clock = () => {
      calls += 1;
      if (calls === 2) throw new Error('no time');
      return new Date();
    };
    const chore = eventSeals({ ...context, clock, unsealed: new UnsealedTenants() }, silent);
    await expect(chore.run()).rejects.toThrow('no time');
    await chore.run();
    expect((await sealsOfTenant(context, tenant)).at(-1)?.events).toEqual([veryLate]);
  });

  it('finds each event that comes late although it only counts what it has looked through', async () => {
    const tenant = await tenantWithNothing(context);
    const servers = [new LookedThrough(), new LookedThrough()];
    const made = new Set<string>();
    // Some in order, some late, a round of one server or of the other; then one more, for what the last was told of too late.
    for (let step = 0; step < 60; step++) {
      const lateMs = step % 3 === 0 ? ((step * 7) % 13) * 1000 : 0;
      for (const id of await happened(context, tenant, 1 + (step % 2), lateMs)) made.add(id);
      const looked = servers[step % 5 === 0 ? 1 : 0];
      if (step % 2 === 0 && looked) await round(context, { looked });
    }
    await round(context, { looked: servers[0] as LookedThrough });
    const sealed = (await sealsOfTenant(context, tenant)).slice(1).flatMap(({ events }) => events);
    expect([...sealed].sort()).toEqual([...made].sort());
    expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, sealedNow: 0 });
  });

  it('counts what it has looked through instead of reading it again', async () => {
    const tenant = await tenantWithNothing(context);
    const looked = new LookedThrough();
    const unsealed = new UnsealedTenants();
    const statements = watchStatements(storage);
    const sealRound = async () => {
      await round({ ...context, unsealed }, { looked });
      const taken = statements.taken().map((text) => {
        if (text.includes('unnest(s.events)')) return 'look';
        return text.includes('count(*)::int as count from events') ? 'count' : '';
      });
      return taken.filter((one) => one !== '');
    };
    // No other tenant has anything new.
    await round(context);
    await happened(context, tenant, EVENTS_PER_SEAL);
    await sealRound();
    await happened(context, tenant, 1);
    expect(await sealRound()).toEqual(['count', 'look']);
    const [late] = await happened(context, tenant, 1, LATE_COMMIT_MS / 2);
    const [next] = await happened(context, tenant, 1);
    // One more than there were: the first thousand are looked at again, and what is behind them.
    expect(await sealRound()).toEqual(['count', 'look', 'look']);
    expect((await sealsOfTenant(context, tenant)).slice(-2).flatMap(({ events }) => events)).toEqual([late, next]);
  });

  it('is not kept from it by a seal of a clock that runs ahead', async () => {
    const tenant = await newTenant(context);
    const ahead = () => new Date(Date.now() + 60 * SEALED_BY_ANOTHER_MS);
    for await (const _ of sealEvents(storage.db, ahead, tenant.id));
    await happened(context, tenant, 1);
    await round(context, { idleMs: SEALED_BY_ANOTHER_MS });
    expect(await sealsOfTenant(context, tenant)).toHaveLength(2);
  });

  it('is a chore of a server, which logs each hash', async () => {
    const tenant = await tenantWithNothing(context);
    await happened(context, tenant, 1);
    let log = '';
    const write = (line: string) => {
      log += line;
    };
    await eventSeals(context, createLogger('info', { write })).run();
    const [, stored] = await sealsOfTenant(context, tenant);
    const told = log.split('\n').find((line) => line.includes(tenant.slug));
    expect(JSON.parse(told ?? '{}')).toMatchObject({
      msg: 'events sealed',
      tenant: tenant.slug,
      seal: 2,
      hash: stored?.hash,
      events: 1,
    });
  });

  it('asks about no tenant but those that it has heard of', async () => {
    const [mine, another] = [await tenantWithNothing(context), await tenantWithNothing(context)];
    const unsealed = new UnsealedTenants();
    const server = { ...context, unsealed };
    await happened(context, another, 1);
    await issueToken(server, mine, {}, { by: COMMAND_LINE });
    const statements = watchStatements(storage);
    const sealed: string[] = [];
    for await (const made of sealNoted(storage.db, context.clock, unsealed)) if (made) sealed.push(made.tenant.slug);
    expect(sealed).toEqual([mine.slug]);
    expect(statements.taken().filter((text) => text.includes('"sealedTo"'))).toHaveLength(1);
  });

  it('seals what others made as well, of so many tenants a round', async () => {
    const tenants = [await tenantWithNothing(context), await tenantWithNothing(context)];
    for (const tenant of tenants) await happened(context, tenant, 1);
    const unsealed = new UnsealedTenants();
    const found = inParts(
      () => findUnsealed(storage.db, context.clock, unsealed),
      () => {},
    );
    let parts = 1;
    while (!(await found({ milliseconds: 10_000, count: 2 }))) parts += 1;
    expect(parts).toBeGreaterThan(1);
    for (const { id } of tenants) expect(unsealed.has(id)).toBe(true);
    await round({ ...context, unsealed });
    for (const tenant of tenants) expect(await sealsOfTenant(context, tenant)).toHaveLength(2);
  });

  it('looks for what is committed late as long as that may come, though nothing follows it', async () => {
    const tenant = await tenantWithNothing(context);
    context.unsealed.note(tenant.id, new Date());
    await happened(context, tenant, 1);
    await round(context);
    const [late] = await happened(context, tenant, 1, LATE_COMMIT_MS / 2);
    await round(context);
    expect((await sealsOfTenant(context, tenant)).at(-1)?.events).toEqual([late]);
    expect(context.unsealed.has(tenant.id)).toBe(true);
    const clock = () => new Date(Date.now() + LATE_COMMIT_MS);
    await round({ ...context, clock });
    expect(context.unsealed.has(tenant.id)).toBe(false);
  });

  it('sweeps what no round has come to yet before what is behind it', async () => {
    const tenant = await newTenant(context);
    const [old] = await happened(context, tenant, 1, 10 * SWEEP_MS);
    await sweep(context);
    expect((await sealsOfTenant(context, tenant))[0]?.events).toContain(old);
  });

  it('forgets a tenant that is gone', async () => {
    const gone = v7();
    context.unsealed.note(gone, new Date());
    await round(context);
    expect(context.unsealed.has(gone)).toBe(false);
  });
});
