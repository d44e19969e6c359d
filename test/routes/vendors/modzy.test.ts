import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { rows, type Storage } from '../../../src/storage/database.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { directoryOn } from '../../support/directory.ts';
import { adminOf } from '../admin/admin.ts';
import { type Rest, restTenant } from './rest.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PREFIX = /^[\w-]{30}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const apiKey = (key: string) => `ApiKey ${key}`;
const uuid = expect.stringMatching(UUID) as string;
const prefix = expect.stringMatching(PREFIX) as string;
const instant = expect.stringMatching(INSTANT) as string;
const roles = (...names: string[]) => names.map((identifier) => ({ identifier }));
const list = (value: unknown) => value as JsonObject[];

describeEachDatabase('the REST surface of Modzy', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  const account = () => restTenant(app, apiKey, { profile: 'modzy' });
  const users = ({ tenant }: Rest) => `/api/accounting/accounts/${tenant.slug}/users`;
  const demo = { firstName: 'User', lastName: 'Demo', email: 'demo@example.com' };

  it('creates a user after a look at the account, as the tutorial does', async () => {
    const own = await account();
    const { rest, tenant } = own;
    const accounts = await rest('GET', '/api/accounting/accounts');
    expect(accounts.headers.get('content-type')).toMatch(/^application\/json/);
    const shown = { identifier: tenant.slug, id: tenant.id, name: tenant.slug, status: 'active', createdAt: instant };
    expect([accounts.status, accounts.body]).toEqual([200, [shown]]);
    expect((await rest('GET', `/api/accounting/accounts/${tenant.slug}`)).body).toEqual({
      ...shown,
      totalUsers: 0,
      users: [],
    });
    const sought = { identifiers: ['demo@example.com'] };
    expect((await rest('POST', '/api/accounting/users/search', sought)).body).toEqual([]);

    const created = await rest('POST', users(own), {
      ...demo,
      title: 'just a user',
      externalIdentifier: 'demo@elsewhere',
      source: 'HR',
    });
    const user = {
      identifier: uuid,
      ...demo,
      title: 'just a user',
      externalIdentifier: 'demo@elsewhere',
      source: 'HR',
      status: 'active',
      createdAt: instant,
      updatedAt: instant,
      accessKeys: [{ prefix, type: 'personal', status: 'active', roles: [], user: uuid, team: null }],
    };
    expect([created.status, created.body]).toEqual([201, user]);
    expect((await rest('POST', '/api/accounting/users/search', sought)).body).toEqual([created.body]);
    for (const name of [tenant.slug, tenant.id]) {
      const detail = (await rest('GET', `/api/accounting/accounts/${name}`)).body;
      expect(detail).toEqual({ ...shown, totalUsers: 1, users: [created.body] });
    }
    expect((await rest('POST', users(own), { ...demo, email: 'DEMO@example.com' })).status).toBe(409);
  });

  it('leaves out what is optional', async () => {
    const own = await account();
    const { status, body } = await own.rest('POST', users(own), { ...demo, title: null });
    expect([status, body.title, body.externalIdentifier, body.source]).toEqual([201, null, null, null]);
    expect(body).not.toHaveProperty('team');
  });

  it('creates a user with a team of the defaults', async () => {
    const own = await account();
    const { status, body } = await own.rest('POST', users(own), { ...demo, team: {} });
    expect([status, body.team]).toEqual([
      201,
      { identifier: uuid, name: 'Team User Demo', adminUserIdentifier: body.identifier },
    ]);
    expect(body.accessKeys).toEqual([
      expect.objectContaining({ type: 'personal', roles: [], team: null }),
      {
        prefix,
        type: 'team',
        status: 'active',
        roles: roles('ACCOUNT_ADMIN', 'TEAM_ROLE'),
        user: body.identifier,
        team: (body.team as JsonObject).identifier,
      },
    ]);
    const [found] = list((await own.rest('POST', '/api/accounting/users/search', { identifiers: [demo.email] })).body);
    expect(found?.accessKeys).toEqual(body.accessKeys);
  });

  it('creates a user with a team that somebody else administers, with roles on top', async () => {
    const own = await account();
    const admin = (await own.rest('POST', users(own), { ...demo, email: 'lead@example.com' })).body.identifier;
    const team = { name: 'Fraud', adminUserIdentifier: admin, accessKeyRoles: ['DEVELOPER', 'TEAM_ROLE'] };
    const { body } = await own.rest('POST', users(own), { ...demo, team });
    expect(body.team).toEqual({ identifier: uuid, name: 'Fraud', adminUserIdentifier: admin });
    expect(list(body.accessKeys)[1]?.roles).toEqual(roles('TEAM_ROLE', 'DEVELOPER'));
    // The e-mail address of the user being made names the user too.
    const self = { ...demo, email: 'self@example.com', team: { name: 'Own', adminUserIdentifier: 'self@example.com' } };
    const own2 = (await own.rest('POST', users(own), self)).body;
    expect(own2.team).toMatchObject({ adminUserIdentifier: own2.identifier });
    expect(list(own2.accessKeys)[1]?.roles).toEqual(roles('ACCOUNT_ADMIN', 'TEAM_ROLE'));
  });

  it('makes neither user nor key nor team when one of them can not be', async () => {
    const own = await account();
    await own.rest('POST', users(own), { ...demo, team: {} });
    const other = { ...demo, email: 'other@example.com' };
    const sameName = await own.rest('POST', users(own), { ...other, team: {} });
    expect([sameName.status, sameName.body.detail]).toEqual([
      409,
      'Another Group has the displayName "Team User Demo"; displayName is unique in any letter case.',
    ]);
    for (const team of [
      { name: 'T', adminUserIdentifier: 'nobody@example.com' },
      { name: 'T', accessKeyRoles: ['DEVELOPER', 'KING'] },
    ]) {
      expect((await own.rest('POST', users(own), { ...other, team })).status).toBe(400);
    }
    const detail = (await own.rest('GET', `/api/accounting/accounts/${own.tenant.slug}`)).body;
    expect(list(detail.users).map(({ email }) => email)).toEqual(['demo@example.com']);
    expect((await own.rest('POST', users(own), { ...other, team: { name: 'T' } })).status).toBe(201);
  });

  it('gives members of a team a key each, and an invitation, once', async () => {
    const own = await account();
    const { team } = (await own.rest('POST', users(own), { ...demo, team: {} })).body as { team: JsonObject };
    const path = `/api/accounting/teams/${team.identifier}/members`;
    const ann = (await own.rest('POST', users(own), { ...demo, email: 'ann@example.com' })).body;
    const ben = (await own.rest('POST', users(own), { ...demo, email: 'ben@example.com' })).body;
    const asked = [
      { identifier: ann.identifier },
      { identifier: 'BEN@example.com' },
      { identifier: 'ann@example.com' },
    ];
    const joined = await own.rest('POST', path, asked);
    const memberOf = (user: JsonObject) => ({
      identifier: user.identifier,
      email: user.email,
      accessKey: {
        prefix,
        type: 'team',
        status: 'active',
        roles: roles('TEAM_ROLE'),
        user: user.identifier,
        team: team.identifier,
      },
      invitation: { identifier: uuid, createdAt: instant },
    });
    expect([joined.status, joined.body]).toEqual([201, [memberOf(ann), memberOf(ben)]]);

    const again = await own.rest('POST', path, [{ identifier: ann.identifier }]);
    const [before] = list(joined.body);
    expect([again.status, again.body]).toEqual([200, [{ ...before, invitation: null }]]);
    const [found] = list((await own.rest('POST', '/api/accounting/users/search', { identifiers: [ann.email] })).body);
    expect(list(found?.accessKeys).map(({ type }) => type)).toEqual(['personal', 'team']);

    const invitation = before?.invitation as JsonObject;
    const events = await rows<{ kind: string; id: string; attributes: string[]; actor: string }>(
      app.context.db,
      sql`select kind, id, attributes, actor from events where tenant_id = ${own.tenant.id}::uuid
        and resource_id = ${String(ann.identifier)}::uuid order by id`,
    );
    expect(events.map(({ kind }) => kind)).toEqual(['create', 'invite']);
    expect(events[1]).toMatchObject({
      id: invitation.identifier,
      attributes: [`groups[value eq "${team.identifier}"]`],
      actor: `credential:${own.key.split('.')[0]?.slice(-8)}`,
    });
  });

  it('gives one team key to a user whom several requests add at once', async () => {
    const own = await account();
    const { team, identifier } = (await own.rest('POST', users(own), { ...demo, team: {} })).body;
    const { identifier: ann } = (await own.rest('POST', users(own), { ...demo, email: 'ann@example.com' })).body;
    const path = `/api/accounting/teams/${(team as JsonObject).identifier}/members`;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => own.rest('POST', path, [{ identifier: ann }, { identifier }])),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 201]);
    const keys = answers.flatMap(({ body }) => list(body).map(({ accessKey }) => (accessKey as JsonObject).prefix));
    expect(new Set(keys).size).toBe(2);
  });

  it('gives a member whose team key has ended the one that took its place, or else a new one', async () => {
    const own = await account();
    const { team } = (await own.rest('POST', users(own), { ...demo, team: {} })).body;
    const { identifier } = (await own.rest('POST', users(own), { ...demo, email: 'ann@example.com' })).body;
    const join = async () => {
      const path = `/api/accounting/teams/${(team as JsonObject).identifier}/members`;
      const { status, body } = await own.rest('POST', path, [{ identifier }]);
      const key = list(body)[0]?.accessKey as JsonObject;
      expect(key.status).toBe('active');
      return { status, prefix: key.prefix };
    };
    const admin = await adminOf(app);
    const tokens = `/tenants/${own.tenant.slug}/tokens`;
    const first = await join();
    const { body } = await admin('POST', `${tokens}/${first.prefix}/rotate`, { overlapSeconds: 0 });
    const successor = body.credential as JsonObject;
    const second = await join();
    expect([second.status, String(second.prefix).slice(-8)]).toEqual([200, successor.prefix]);
    await admin('POST', `${tokens}/${second.prefix}/rotate`, { overlapSeconds: 0 });
    await admin('DELETE', `${tokens}/${(await join()).prefix}`);
    expect((await join()).status).toBe(201);
  });

  it('sets the roles of a key, which count from then on', async () => {
    const own = await account();
    const { body } = await own.rest('POST', users(own), { ...demo, team: {} });
    const team = list(body.accessKeys)[1];
    const replaced = await own.rest('POST', `/api/accounting/access-keys/${team?.prefix}/replace`);
    const theirs = apiKey(String(replaced.body.apiKey));
    const detail = `/api/accounting/accounts/${own.tenant.slug}`;
    expect((await own.rest('GET', detail, undefined, theirs)).status).toBe(200);
    const path = `/api/accounting/access-keys/${team?.prefix}/roles`;
    const changed = await own.rest('PUT', path, roles('DEVELOPER', 'DEVELOPER'));
    expect([changed.status, changed.body]).toEqual([200, { ...team, roles: roles('DEVELOPER') }]);
    expect((await own.rest('GET', detail, undefined, theirs)).status).toBe(403);
    expect((await own.rest('PUT', path, [])).body.roles).toEqual([]);
    expect((await own.rest('PUT', path, roles('ACCOUNT_ADMIN'))).status).toBe(200);
    expect((await own.rest('GET', detail, undefined, theirs)).status).toBe(200);
  });

  it('replaces a key: the old secret stops and the prefix stays', async () => {
    const own = await account();
    const { body } = await own.rest('POST', users(own), demo);
    const [key] = list(body.accessKeys);
    const replace = () => own.rest('POST', `/api/accounting/access-keys/${key?.prefix}/replace`);
    const first = await replace();
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(first.body).toEqual({ ...key, apiKey: expect.stringMatching(/^[\w-]{30}\.[\w-]{43}$/) as string });
    const statusWith = async (text: unknown) =>
      (await own.rest('GET', '/api/accounting/roles', undefined, apiKey(String(text)))).status;
    expect(await statusWith(first.body.apiKey)).toBe(200);
    const second = await replace();
    expect(String(second.body.apiKey).split('.')[0]).toBe(key?.prefix);
    expect(await statusWith(first.body.apiKey)).toBe(401);
    expect(await statusWith(second.body.apiKey)).toBe(200);
  });

  it('shows several project keys of a user, suspended with the user', async () => {
    const own = await account();
    const { identifier } = (await own.rest('POST', users(own), demo)).body;
    for (const label of ['one', 'two']) {
      await app.issueToken(own.tenant, { kind: 'project', user: demo.email, label, roles: ['DEVELOPER'] });
    }
    const search = async () => {
      const { body } = await own.rest('POST', '/api/accounting/users/search', { identifiers: [identifier] });
      return list(list(body)[0]?.accessKeys).map(({ type, status, roles }) => [type, status, roles]);
    };
    const shown = (status: string) => [
      ['personal', status, []],
      ['project', status, roles('DEVELOPER')],
      ['project', status, roles('DEVELOPER')],
    ];
    expect(await search()).toEqual(shown('active'));
    const scope = { tenantId: own.tenant.id };
    const { patch } = directoryOn({ db: app.context.db } as Storage, { profile: 'modzy', scope });
    await patch('User', String(identifier), [{ op: 'replace', path: 'active', value: false }]);
    expect(await search()).toEqual(shown('suspended'));
  });

  it('keeps accounts apart', async () => {
    const own = await account();
    const other = await account();
    const made = (await other.rest('POST', users(other), { ...demo, team: {} })).body;
    const key = list(made.accessKeys)[0];
    const sought = { identifiers: [demo.email, made.identifier] };
    expect((await own.rest('POST', '/api/accounting/users/search', sought)).body).toEqual([]);
    expect((await own.rest('GET', `/api/accounting/accounts/${other.tenant.slug}`)).status).toBe(404);
    expect((await own.rest('POST', users(other), demo)).status).toBe(404);
    const member = (await own.rest('POST', users(own), demo)).body.identifier;
    const { identifier } = made.team as JsonObject;
    const joined = await own.rest('POST', `/api/accounting/teams/${identifier}/members`, [{ identifier: member }]);
    expect(joined.status).toBe(404);
    expect((await own.rest('PUT', `/api/accounting/access-keys/${key?.prefix}/roles`, [])).status).toBe(404);
    expect((await own.rest('POST', `/api/accounting/access-keys/${key?.prefix}/replace`)).status).toBe(404);
  });
});
