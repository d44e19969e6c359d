import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CREDENTIAL_CACHE_SECONDS } from '../../src/access/authenticate.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { changeOwner } from '../../src/directory/owner.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { ENTERPRISE_USER_SCHEMA, ERROR, PATCH_OP } from '../../src/schema/urns.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';

const OTHERS = vi.hoisted(() => ({ profiles: {} as Record<string, unknown> }));

// Dialects that offer less; none of those that ship does.
vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return { ...actual, profileNamed: (name: string) => OTHERS.profiles[name] ?? actual.profileNamed(name) };
});
const { operations } = RFC;
OTHERS.profiles['no-me'] = { ...RFC, name: 'no-me', operations: { ...operations, me: false } };
OTHERS.profiles['no-put'] = {
  ...RFC,
  name: 'no-put',
  operations: { ...operations, User: { ...operations.User, replace: false } },
};

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

describeEachDatabase('/Me', (open) => {
  let app: TestApp;
  let now = Date.UTC(2026, 0, 1);
  let names = 0;
  beforeAll(async () => {
    const clock = () => {
      now += 1;
      return new Date(now);
    };
    app = await startApp({ storage: await open(), profile: 'rfc', context: { clock } });
  });
  afterAll(() => app.close());

  /** A new user, and a token that is bound to that user. */
  async function bound(given: { tenant?: TestTenant; scopes?: string[]; by?: 'id' | 'userName'; more?: object } = {}) {
    const { tenant, token } = given.tenant ?? app;
    const userName = `User.${++names}@example.com`;
    const created = await send(`${app.url}/Users`, 'POST', token, user(userName, { ...given.more }));
    const id = String(created.body.id);
    const own = await app.issueToken(tenant, {
      user: given.by === 'id' ? id : userName.toUpperCase(),
      ...(given.scopes && { scopes: given.scopes }),
    });
    const ask: Ask = (method, path, body, headers) => send(`${app.url}${path}`, method, own, body, headers);
    return {
      id,
      userName,
      token: own,
      ask,
      location: `${app.url}/Users/${id}`,
      etag: created.headers.get('etag') ?? '',
    };
  }
  const patchOf = (...operations: object[]) => ({ schemas: [PATCH_OP], Operations: operations });

  it.each(['id', 'userName'] as const)(
    'is the user to whom the token is bound by %s',
    shows('7644-3.11-2', '7644-3.11-3'),
    async (by) => {
      const { id, userName, ask, location, etag } = await bound({ by });
      const answer = await ask('GET', '/Me');
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ id, userName, meta: { location, resourceType: 'User', version: etag } });
      expect(answer.body).toEqual((await ask('GET', `/Users/${id}`)).body);
      expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([location, etag]);
      const head = await ask('HEAD', '/Me');
      expect([head.status, head.text, head.headers.get('location')]).toEqual([200, '', location]);
    },
  );

  it('is projected, and not sent again when it has not changed', async () => {
    const { id, userName, ask, location, etag } = await bound();
    const part = await ask('GET', '/Me?attributes=userName');
    expect(part.body).toEqual({ schemas: expect.any(Array), id, userName });
    const unchanged = await ask('GET', '/Me', undefined, { 'if-none-match': etag });
    expect([unchanged.status, unchanged.text, unchanged.headers.get('location')]).toEqual([304, '', location]);
  });

  it('is replaced and patched under its version', shows('7644-3.11-2', '7644-3.11-3'), async () => {
    const { id, userName, ask, location, etag } = await bound();
    const put = await ask('PUT', '/Me?attributes=title', user(userName, { title: 'Captain' }), { 'if-match': etag });
    expect([put.status, put.headers.get('location')]).toEqual([200, location]);
    expect(put.body).toMatchObject({ id, title: 'Captain' });
    const operation = { op: 'add', path: `${ENTERPRISE_USER_SCHEMA}:department`, value: 'Navy' };
    const stale = await ask('PATCH', '/Me', patchOf(operation), { 'if-match': etag });
    expect([stale.status, stale.headers.get('location')]).toEqual([412, location]);
    const patched = await ask('PATCH', '/Me', patchOf(operation), { 'if-match': put.headers.get('etag') ?? '' });
    expect([patched.status, patched.headers.get('location')]).toEqual([200, location]);
    expect(patched.body).toMatchObject({ id, title: 'Captain', [ENTERPRISE_USER_SCHEMA]: { department: 'Navy' } });
    expect((await ask('GET', `/Users/${id}`)).body).toEqual(patched.body);
  });

  it('names the permanent location in errors too', shows('7644-3.11-3'), async () => {
    const { ask, location } = await bound();
    for (const [body, status] of [
      ['{', 400],
      [patchOf({ op: 'replace', path: 'userName', value: null }), 400],
      [patchOf({ op: 'replace', path: 'id', value: 'x' }), 400],
    ] as const) {
      const answer = await ask('PATCH', '/Me', body);
      expect([answer.status, answer.headers.get('location')]).toEqual([status, location]);
    }
  });

  it("can't be created, because it is there", shows('7644-3.11-2', '7644-3.11-3'), async () => {
    const { ask, location } = await bound();
    const answer = await ask('POST', '/Me', user('another'));
    expect([answer.status, answer.headers.get('location')]).toEqual([409, location]);
    expect(answer.body).toMatchObject({
      schemas: [ERROR],
      scimType: 'uniqueness',
      detail: expect.stringContaining('PUT'),
    });
    expect((await ask('GET', '/Users?filter=userName eq "another"')).body.totalResults).toBe(0);
  });

  it('is deleted like any user, and its token ends with it', async () => {
    const { id, userName, ask, location } = await bound();
    const deleted = await ask('DELETE', '/Me');
    expect([deleted.status, deleted.headers.get('location')]).toEqual([204, location]);
    expect((await app.request('GET', `/Users/${id}`)).status).toBe(404);
    // Nobody is taken for the user who is gone, as long as the token is remembered.
    expect((await app.request('POST', '/Users', user(userName, { externalId: id }))).status).toBe(201);
    const gone = await ask('GET', '/Me');
    expect(gone.status).toBe(404);
    expect(gone.body.detail).toContain(id);
    now += CREDENTIAL_CACHE_SECONDS * 1000;
    const refused = await ask('GET', '/Users');
    expect(refused.status).toBe(401);
    expect(refused.body.detail).toContain('suspended or deleted');
  });

  it('is never another user who has its id as externalId', async () => {
    const tenant = await app.addTenant({ profile: 'role-object' });
    const { id, ask } = await bound({ tenant });
    await send(`${app.url}/Users`, 'POST', tenant.token, user('heir', { externalId: id }));
    expect((await ask('DELETE', '/Me')).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await ask(method, '/Me')).status).toBe(404);
    // At /Users the profile addresses by externalId as well.
    expect((await send(`${app.url}/Users/${id}`, 'GET', tenant.token)).body.userName).toBe('heir');
  });

  it('is out of reach while the user is suspended, and the rest of the tenant too', async () => {
    const { id, ask } = await bound();
    const activate = (value: boolean) =>
      app.request('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value }));
    expect((await ask('GET', '/Me')).status).toBe(200);
    await activate(false);
    now += CREDENTIAL_CACHE_SECONDS * 1000;
    for (const path of ['/Me', '/Users']) {
      const answer = await ask('GET', path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    await activate(true);
    expect((await ask('GET', '/Me')).status).toBe(200);
  });

  it("needs the same scopes as the user's own path", async () => {
    const reader = await bound({ scopes: ['scim:read'] });
    expect((await reader.ask('GET', '/Me')).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      const answer = await reader.ask(method, '/Me', method === 'DELETE' ? undefined : user(reader.userName));
      expect(answer.status).toBe(403);
    }
    const writer = await bound({ scopes: ['scim:write'] });
    expect((await writer.ask('GET', '/Me')).status).toBe(403);
    expect((await writer.ask('PATCH', '/Me', patchOf({ op: 'add', path: 'title', value: 'x' }))).status).toBe(200);
  });

  it('protects the owner', async () => {
    const tenant = await app.addTenant({ profile: 'rfc' });
    const { userName, ask } = await bound({ tenant });
    await changeOwner(app.context, COMMAND_LINE, tenant.tenant, userName);
    expect((await ask('DELETE', '/Me')).status).toBe(403);
    expect((await ask('GET', '/Me')).status).toBe(200);
  });

  it("works below the tenant's own path, and is located there", async () => {
    const { id, token } = await bound();
    const url = `${app.origin}/t/${app.tenant.slug}/scim/v2`;
    const answer = await send(`${url}/Me`, 'GET', token);
    expect([answer.body.id, answer.headers.get('location')]).toEqual([id, `${url}/Users/${id}`]);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'answers %s with 501 and how to bind a token, to a token that is bound to nobody',
    shows('7644-3.11-1', '7644-3.12-12'),
    async (method) => {
      const answer = await app.request(method, '/Me');
      expect(answer.status).toBe(501);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.body).toEqual({ schemas: [ERROR], status: '501', detail: expect.stringContaining('--user') });
      expect(answer.body.detail).toContain('/Users');
    },
  );

  it('is not there where the profile does not offer it, and binding a token would not help', async () => {
    const { ask } = await bound({ tenant: await app.addTenant({ profile: 'no-me' }) });
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask(method, '/Me');
      expect(answer.status).toBe(501);
      expect(answer.body.detail).toBe('The profile no-me does not offer /Me; use /Users with the id of the user.');
    }
  });

  it('takes the methods that the profile offers of users', async () => {
    const { ask, userName } = await bound({ tenant: await app.addTenant({ profile: 'no-put' }) });
    expect((await ask('PUT', '/Me', user(userName))).status).toBe(501);
    expect((await ask('GET', '/Me')).status).toBe(200);
  });

  it("can't be addressed in a bulk request, and has no resources below", async () => {
    const { ask } = await bound();
    const bulk = await ask('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'DELETE', path: '/Me' }],
    });
    expect(bulk.body.Operations).toMatchObject([
      { status: '404', response: { detail: expect.stringContaining('/Users') } },
    ]);
    expect((await ask('GET', '/Me/groups')).status).toBe(404);
    expect((await ask('GET', '/me')).body.detail).toContain('/Me');
  });
});
