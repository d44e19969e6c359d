import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newlyExpiring } from '../../../src/directory/expiring.ts';
import { verifyLines } from '../../../src/events/verify-lines.ts';
import { createLogger } from '../../../src/logger.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { parseJson } from '../../../src/schema/json-text.ts';
import { PATCH_OP, USER_SCHEMA } from '../../../src/schema/urns.ts';
import { send, startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { adminOf, type Send, sender } from './admin.ts';

describeEachDatabase('/admin/tenants/{slug}/events', (open) => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  let adminToken: string;
  const logged: JsonObject[] = [];
  beforeAll(async () => {
    const write = (line: string) => logged.push(parseJson(line) as JsonObject);
    app = await startApp({ storage: await open(), profile: 'role-object', logger: createLogger('info', { write }) });
    admin = await adminOf(app);
    adminToken = await app.issueToken(app.tenant, { scopes: ['admin'] });
    path = `/tenants/${app.tenant.slug}/events`;
  });
  afterAll(() => app.close());

  const eventsAt = async (where: string) => {
    const { status, body, text } = await admin('GET', where);
    expect(status, text).toBe(200);
    return body.events as JsonObject[];
  };
  const listed = (query = '') => eventsAt(`${path}?${query}`);
  const newUser = async (userName = `u-${randomUUID()}`) =>
    String((await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName })).body.id);
  const patch = (id: string, ...Operations: JsonObject[]) =>
    app.request('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations });

  it('tells what is done to OAuth and to the request log, once for each change, and no secret', async () => {
    const at = `/tenants/${app.tenant.slug}`;
    const { body: made } = await admin('POST', `${at}/clients`, { label: 'Entra' });
    const { prefix } = made.client as { prefix: string };
    const { body: added } = await admin('POST', `${at}/clients/${prefix}/secrets`);
    const secret = String((added.secret as JsonObject | undefined)?.prefix ?? '');
    for (let twice = 0; twice < 2; twice++) {
      await admin('DELETE', `${at}/clients/${prefix}/secrets/${secret}`);
      await admin('DELETE', `${at}/clients/${prefix}`);
      await admin('PUT', `${at}/token-life`, { seconds: 7200 });
      await admin('PUT', `${at}/request-log`, { keep: 'headers' });
    }
    await admin('DELETE', `${at}/requests`);
    const events = await listed('order=oldest&limit=1000');
    const kinds = events
      .map(({ kind }) => String(kind))
      .filter((kind) => /^(client|issuer|token-life|request-log)/.test(kind));
    expect(kinds).toEqual([
      'client-created',
      'client-secret-added',
      'client-secret-removed',
      'client-revoked',
      'token-life-changed',
      'request-log-changed',
      'request-log-cleared',
    ]);
    const about = events.find(({ kind }) => kind === 'client-created');
    expect(about).toMatchObject({ detail: { prefix }, actor: expect.stringMatching(/^credential:/) });
    expect(JSON.stringify(events)).not.toContain(String(made.client_secret).split('.')[2]);
  });

  it('tells every change of a resource: who, when, what, from which version to which', async () => {
    const id = await newUser();
    await patch(id, { op: 'replace', path: 'title', value: 'Dr.' });
    await patch(id, { op: 'replace', path: 'title', value: 'Dr.' });
    await patch(id, { op: 'replace', path: 'active', value: false });
    await app.request('DELETE', `/Users/${id}`);
    const events = await listed(`resource=${id}&order=oldest`);
    const told = events.map(({ kind, version, attributes }) => ({ kind, version, attributes }));
    expect(told).toEqual([
      { kind: 'create', version: { before: null, after: 1 }, attributes: expect.arrayContaining(['userName']) },
      { kind: 'patch', version: { before: 1, after: 2 }, attributes: ['title'] },
      { kind: 'patch', version: { before: 2, after: 3 }, attributes: ['active'] },
      { kind: 'deactivate', version: { before: 2, after: 3 }, attributes: ['active'] },
      { kind: 'delete', version: { before: 3, after: null }, attributes: expect.arrayContaining(['userName']) },
    ]);
    const prefix = app.token.split('.')[2];
    for (const event of events) {
      expect(event).toMatchObject({ actor: `credential:${prefix}`, resourceType: 'User', resource: id });
      expect(Math.abs(Date.parse(String(event.at)) - Date.now())).toBeLessThan(60_000);
    }
    expect(JSON.stringify(events)).not.toContain('Dr.');
  });

  it('names the request as the log does', async () => {
    const id = await newUser();
    const [event] = await listed(`resource=${id}`);
    const line = logged.find(({ reqId }) => reqId === event?.request);
    expect(line).toMatchObject({ method: 'POST', status: 201 });
  });

  it('tells what was done to the tenant and its tokens, and no secret', async () => {
    const { tenant } = await app.addTenant({ profile: 'role-object' });
    const of = `/tenants/${tenant.slug}`;
    const schema = 'urn:example:audit:1.0:Badge';
    const issued = await admin('POST', `${of}/tokens`, { label: 'Okta' });
    const { id, prefix } = issued.body.credential as JsonObject;
    const owner = await send(`${app.url}/Users`, 'POST', String(issued.body.token), {
      schemas: [USER_SCHEMA],
      userName: 'ada',
    });
    const calls: [string, string, unknown?][] = [
      ['PUT', '/plan', { plan: 'free' }],
      ['PUT', '/plan', { plan: 'free' }],
      ['PUT', '/rate-limit', { perSecond: 5000 }],
      ['PUT', '/owner', { userName: 'ada' }],
      ['PUT', '/owner', { userName: 'ada' }],
      ['PUT', '/faults', { pageSize: 9 }],
      ['DELETE', '/faults'],
      ['PUT', '/features/group-memberships'],
      ['PUT', '/features/group-memberships'],
      ['POST', '/roles', { name: 'auditor' }],
      ['PATCH', '/roles/auditor', { name: 'reviewer' }],
      [
        'POST',
        '/schemas?extends=User',
        { id: schema, name: 'Badge', attributes: [{ name: 'badge', type: 'string', multiValued: false }] },
      ],
      [
        'PUT',
        `/schemas/${schema}`,
        { id: schema, name: 'Badges', attributes: [{ name: 'badge', type: 'string', multiValued: false }] },
      ],
      ['DELETE', `/schemas/${schema}`],
      ['POST', '/resource-types', { builtin: 'Device' }],
      ['DELETE', '/resource-types/Device'],
      ['POST', `/tokens/${prefix}/replace`],
      ['POST', `/tokens/${prefix}/rotate`],
      ['DELETE', `/tokens/${prefix}`],
      ['DELETE', `/tokens/${prefix}`],
    ];
    for (const [method, where, body] of calls) {
      const { status, text } = await admin(method, of + where, body);
      expect(status, `${method} ${where}: ${text}`).toBeLessThan(300);
    }
    const all = (await eventsAt(`${of}/events?order=oldest`)).filter(({ resourceType }) => resourceType === null);
    const told = all.map(({ kind, detail }) => [kind, detail]);
    expect(told).toEqual([
      ['tenant-created', expect.objectContaining({ slug: tenant.slug, profile: 'role-object' })],
      ['token-issued', expect.anything()],
      ['token-issued', expect.objectContaining({ prefix, label: 'Okta', scopes: ['scim:read', 'scim:write'] })],
      ['plan-changed', { before: 'enterprise', after: 'free' }],
      ['rate-limit-changed', { before: null, after: 5000 }],
      ['owner-changed', { before: null, after: owner.body.id }],
      ['faults-changed', { before: null, after: { pageSize: 9 } }],
      ['faults-changed', { before: { pageSize: 9 }, after: null }],
      ['feature-changed', { name: 'group-memberships', on: true }],
      ['role-added', { name: 'auditor', default: false }],
      ['role-renamed', { from: 'auditor', to: 'reviewer' }],
      ['schema-registered', { urn: schema, extends: ['User'], required: false }],
      ['schema-replaced', { urn: schema, extends: [], required: false }],
      ['schema-removed', { urn: schema, dataDeleted: false }],
      ['type-registered', { name: 'Device', builtIn: true }],
      ['type-removed', { name: 'Device', dataDeleted: false }],
      ['token-replaced', { prefix }],
      ['token-rotated', { prefix, successor: expect.any(String), endsAt: expect.any(String) }],
      ['token-issued', expect.objectContaining({ label: 'Okta' })],
      ['token-revoked', { prefix }],
    ]);
    const byAdmin = all.slice(2);
    expect(new Set(byAdmin.map(({ actor }) => actor)).size).toBe(1);
    expect(byAdmin.every(({ actor, request }) => String(actor).startsWith('credential:') && request)).toBe(true);
    const [first] = all;
    expect(first).toMatchObject({ actor: 'operator', request: null, resource: tenant.id });
    const ofToken = await eventsAt(`${of}/events?resource=${id}&order=oldest`);
    expect(ofToken.map(({ kind }) => kind)).toEqual([
      'token-issued',
      'token-replaced',
      'token-rotated',
      'token-revoked',
    ]);
    const secret = String(issued.body.token).split('.').at(-1);
    expect(JSON.stringify(all)).not.toContain(secret);
  });

  it('tells of a token that is about to expire', async () => {
    const { tenant } = await app.addTenant();
    const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);
    await admin('POST', `/tenants/${tenant.slug}/tokens`, { expiresAt: inDays(10).toISOString() });
    await newlyExpiring({ ...app.context, clock: () => inDays(9) });
    await newlyExpiring({ ...app.context, clock: () => inDays(9) });
    const told = await eventsAt(`/tenants/${tenant.slug}/events?kind=token-expiring&actor=server`);
    expect(told).toMatchObject([{ request: null, detail: { prefix: expect.any(String) } }]);
  });

  it('keeps no event of what was refused', async () => {
    const { tenant } = await app.addTenant();
    const before = await eventsAt(`/tenants/${tenant.slug}/events`);
    for (const [method, where, body] of [
      ['PUT', '/plan', { plan: 'none' }],
      ['PUT', '/owner', { userName: 'nobody' }],
      ['POST', '/tokens', { scopes: ['none'] }],
      ['DELETE', '/tokens/nobody12', undefined],
      ['POST', '/resource-types', { builtin: 'None' }],
      ['DELETE', '/resource-types/User', undefined],
    ] as const) {
      expect((await admin(method, `/tenants/${tenant.slug}${where}`, body)).status).toBeGreaterThanOrEqual(400);
    }
    expect(await eventsAt(`/tenants/${tenant.slug}/events`)).toEqual(before);
  });

  describe('lists', () => {
    let ids: string[];
    const since = () => new Date(Date.now() - 60_000).toISOString();
    const future = () => new Date(Date.now() + 60_000).toISOString();
    beforeAll(async () => {
      ids = [await newUser(), await newUser(), await newUser()];
    });

    it('newest first, or oldest first, page by page without gap or repetition', async () => {
      const all = (await listed('limit=1000')).map(({ id }) => id);
      expect([...all].sort().reverse()).toEqual(all);
      expect((await listed('limit=1000&order=oldest')).map(({ id }) => id)).toEqual([...all].reverse());
      for (const order of ['newest', 'oldest']) {
        const walked: unknown[] = [];
        let after = '';
        for (;;) {
          const { body } = await admin('GET', `${path}?limit=2&order=${order}${after}`);
          const events = body.events as JsonObject[];
          walked.push(...events.map(({ id }) => id));
          if (body.next === null) break;
          expect(events).toHaveLength(2);
          expect(body.next).toBe(events.at(-1)?.id);
          after = `&after=${body.next}`;
        }
        expect(walked).toEqual(order === 'newest' ? all : [...all].reverse());
      }
    });

    it('by time, kind, resource and actor, and all of them', async () => {
      const [one] = ids;
      const actor = `credential:${app.token.split('.')[2]}`;
      expect(await listed(`kind=create&resource=${one}&actor=${actor}&since=${since()}`)).toHaveLength(1);
      expect(await listed(`kind=patch&resource=${one}`)).toEqual([]);
      expect(await listed(`kind=create&resource=${one}&actor=operator`)).toEqual([]);
      expect(await listed(`resource=${one}&since=${future()}`)).toEqual([]);
      expect(await listed(`resource=${one}&until=${since()}`)).toEqual([]);
      expect(await listed(`resource=${one}&until=${future()}`)).toHaveLength(1);
      expect(new Set((await listed('actor=operator')).map((event) => event.actor))).toEqual(new Set(['operator']));
      const [event] = await listed(`resource=${one}`);
      expect(await listed(`resource=${one}&since=${event?.at}`)).toHaveLength(1);
      expect(await listed(`resource=${one}&until=${event?.at}`)).toEqual([]);
    });

    it('with the seal of each event, once there is one', async () => {
      await admin('POST', `${path}/verify`);
      const id = await newUser();
      const [fresh] = await listed(`resource=${id}`);
      expect(fresh?.seal).toBeNull();
      const sealed = await listed(`resource=${ids[0]}`);
      expect(sealed[0]?.seal).toEqual(expect.any(Number));
    });

    it('by any instant that can be written', async () => {
      const { length } = await listed('limit=1000');
      for (const first of ['999999d', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B14:00', '0001-01-01T00:00:00Z']) {
        expect(await listed(`limit=1000&since=${first}`)).toHaveLength(length);
        expect(await listed(`until=${first}`)).toEqual([]);
      }
      expect(await listed('limit=1000&since=1h')).toHaveLength(length);
      expect(await listed('until=1h')).toEqual([]);
      expect(await listed('since=9999-12-31T23:59:59.999999999Z')).toEqual([]);
      expect(await listed('limit=1000&until=9999-12-31T23:59:59Z')).toHaveLength(length);
    });

    it('nothing of another tenant', async () => {
      const other = await app.addTenant();
      const user = await send(`${app.url}/Users`, 'POST', other.token, { schemas: [USER_SCHEMA], userName: 'other' });
      expect(await listed(`resource=${user.body.id}`)).toEqual([]);
      expect((await listed('limit=1000')).some(({ resource }) => resource === other.tenant.id)).toBe(false);
    });

    it.each([
      ['since=yesterday', 'since is "yesterday"; send an instant'],
      ['until=2026-02-30T00:00:00Z', 'or a time ago such as 15m'],
      ['kind=nothing', 'There is no kind "nothing" of event'],
      ['resource=1', '"1" is no id'],
      ['after=1', '"1" is no id'],
      ['actor=ada', '"ada" is no actor'],
      ['actor=credential:%00', 'is no actor'],
      ['order=random', 'The order is "random"'],
      ['limit=0', 'The limit is "0"'],
      ['limit=1001', 'The limit is "1001"'],
    ])('refuse %s', async (query, told) => {
      const { status, body } = await admin('GET', `${path}?${query}`);
      expect([status, body.detail]).toEqual([400, expect.stringContaining(told)]);
    });
  });

  describe('an export', () => {
    async function exported(query = ''): Promise<string[]> {
      const response = await fetch(`${app.origin}/admin${path}/export?${query}`, {
        headers: { authorization: `Bearer ${adminToken}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
      return (await response.text()).split('\n').slice(0, -1);
    }
    const verified = (lines: string[], expected?: string) => verifyLines(linesOf(lines), expected);
    async function* linesOf(lines: string[]) {
      yield* lines;
    }

    it('has every event, and verifies by itself', async () => {
      const id = await newUser();
      const lines = await exported();
      expect(parseJson(lines[0] ?? '')).toMatchObject({
        audit: 'rollcall-audit/1',
        tenant: { id: app.tenant.id, slug: app.tenant.slug },
        types: { 1: 'User', 2: 'Group' },
      });
      const events = lines.filter((line) => line.startsWith('{"event"')).map((line) => parseJson(line) as JsonObject);
      const all = await listed('limit=1000');
      expect(events.map(({ event }) => event).sort()).toEqual(all.map((event) => event.id).sort());
      expect(events.at(-1)).toMatchObject({ kind: 'create', type: 1, resource: id, version: 1 });
      const found = await verified(lines);
      expect(found).toMatchObject({ ok: true, events: all.length });
      expect(parseJson(lines.at(-1) ?? '')).toMatchObject({
        end: found.head?.number,
        hash: found.head?.hash,
        events: all.length,
      });
      const { body } = await admin('POST', `${path}/verify?expect=${found.head?.hash}`);
      expect(body.verification).toMatchObject({
        ok: true,
        sealedNow: 0,
        head: { seal: found.head?.number, hash: found.head?.hash },
        problems: [],
      });
    });

    it('goes on after another one', async () => {
      const first = await verified(await exported());
      const id = await newUser();
      const lines = await exported(`after=${first.head?.number}`);
      expect(lines.filter((line) => line.startsWith('{"event"')).map((line) => JSON.parse(line).resource)).toEqual([
        id,
      ]);
      expect(await verified(lines, first.head?.hash)).toMatchObject({ ok: true, seals: 1 });
      // With nothing new it is where the other one ended, so that a job for every night can verify each night's file.
      const head = (await verified(lines)).head;
      const none = await exported(`after=${head?.number}`);
      expect(none).toHaveLength(2);
      expect(await verified(none, head?.hash)).toMatchObject({ ok: true, seals: 0, head });
    });

    it('has whole seals of a time', async () => {
      await newUser();
      const instant = new Date().toISOString();
      const before = await verified(await exported());
      await new Promise((resolve) => setTimeout(resolve, 2));
      await newUser();
      const all = await verified(await exported());
      expect(await verified(await exported(`until=${instant}`))).toMatchObject({ head: before.head });
      expect((await verified(await exported(`since=${new Date(Date.now() + 60_000).toISOString()}`))).seals).toBe(0);
      for (const early of ['2020-01-01T00:00:00Z', '0000-01-01T00:00:00Z']) {
        expect(await verified(await exported(`since=${early}`))).toMatchObject({ head: all.head });
      }
      expect((await verified(await exported('until=0000-01-01T00:00:00Z'))).seals).toBe(0);
    });

    it.each([
      ['export?after=x', 'GET', '"x" is no number of a seal'],
      ['export?after=999999999', 'GET', 'There is no seal 999999999; send in after the number'],
      ['export?since=x', 'GET', 'since is "x"; send an instant'],
      ['verify?expect=x', 'POST', '"x" is no hash of a seal'],
    ])('refuses %s', async (where, method, told) => {
      const { status, body } = await admin(method, `${path}/${where}`);
      expect([status, body.detail]).toEqual([400, expect.stringContaining(told)]);
    });
  });

  it('is for administrators only, and no route changes or removes an event', async () => {
    for (const where of [path, `${path}/export`]) {
      expect((await sender(app, app.token)('GET', where)).status).toBe(403);
      expect((await sender(app, undefined)('GET', where)).status).toBe(401);
    }
    expect((await sender(app, app.token)('POST', `${path}/verify`)).status).toBe(403);
    const [event] = await listed();
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      for (const where of [path, `${path}/${event?.id}`]) {
        expect([404, 405]).toContain((await admin(method, where, {})).status);
      }
    }
    expect((await admin('GET', '/tenants/none/events')).status).toBe(404);
  });
});
