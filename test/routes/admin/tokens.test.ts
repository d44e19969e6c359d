import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { shows } from '../../support/conformance.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { user } from '../../support/directory.ts';
import { adminOf, type Send } from './admin.ts';

describeEachDatabase('/admin/tenants/{slug}/tokens', (open) => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/tokens`;
  });
  afterAll(() => app.close());
  const statusWith = async (token: unknown) =>
    (await app.request('GET', '/Users', undefined, { authorization: `Bearer ${token}` })).status;

  it('issues a token that works until it is revoked, and not a moment longer', shows('7644-2.1-2'), async () => {
    const { status, headers, body } = await admin('POST', path, { scopes: ['scim:read'], label: 'probe' });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { id, prefix } = body.credential as { id: string; prefix: string };
    expect(await statusWith(body.token)).toBe(200);
    const { body: listed } = await admin('GET', path);
    expect(listed.credentials).toContainEqual(expect.objectContaining({ id, prefix, label: 'probe', status: 'live' }));
    expect(JSON.stringify(listed)).not.toContain(String(body.token).split('.')[3]);
    expect((await admin('DELETE', `${path}/${prefix}`)).status).toBe(204);
    expect(await statusWith(body.token)).toBe(401);
    const after = (await admin('GET', path)).body.credentials as JsonObject[];
    expect(after.find((credential) => credential.id === id)).toMatchObject({ status: 'revoked' });
  });

  it.each([[{}], [undefined], ['null'], ['']])('issues a token to who names no wishes: %j', async (wishes) => {
    const { status, body } = await admin('POST', path, wishes);
    expect(status).toBe(201);
    expect(body.credential).toMatchObject({ scopes: ['scim:read', 'scim:write'], expiresAt: null, label: null });
    expect(await statusWith(body.token)).toBe(200);
  });

  it('binds a token to a user', async () => {
    const created = await app.request('POST', '/Users', user('bound'));
    const { status, body } = await admin('POST', path, { user: 'BOUND' });
    expect(status).toBe(201);
    expect(body.credential).toMatchObject({ user: { id: created.body.id, userName: 'bound' }, status: 'live' });
    const me = await app.request('GET', '/Me', undefined, { authorization: `Bearer ${body.token}` });
    expect(me.body).toMatchObject({ id: created.body.id });
    expect((await admin('POST', path, { user: 'nobody' })).status).toBe(404);
    expect((await admin('POST', path, { user: null })).status).toBe(400);
  });

  it.each([
    { scopes: ['scim:everything'] },
    { scopes: 'scim:read' },
    { expiresAt: '2001-01-01T00:00:00Z' },
    { expiresAt: 5 },
    { expires: '2099-01-01T00:00:00Z' },
    { roles: ['DEVELOPER'] },
    { roles: 'DEVELOPER' },
  ])('answers 400 to %j', async (body) => {
    expect((await admin('POST', path, body)).status).toBe(400);
  });

  it.each([randomUUID(), 'nosuchid', '%00'])('answers 404 to DELETE of %s', async (name) => {
    expect((await admin('DELETE', `${path}/${name}`)).status).toBe(404);
  });

  it('answers 404 for a tenant that there is not', async () => {
    expect((await admin('POST', '/tenants/none/tokens', {})).status).toBe(404);
  });
});
