import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { user } from '../../support/directory.ts';
import { adminOf, type Send } from './admin.ts';

describeEachDatabase('/admin/tenants/{slug}/roles', (open) => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/roles`;
  });
  afterAll(() => app.close());

  it('adds and renames roles, and SCIM shows them at once', async () => {
    const { body: ada } = await app.request('POST', '/Users', user('ada', { roles: { editor: true } }));
    const added = await admin('POST', path, { name: 'auditor', default: true });
    expect([added.status, added.body.usersChanged]).toEqual([201, 1]);
    const renamed = await admin('PATCH', `${path}/editor`, { name: 'author' });
    expect(renamed.status).toBe(200);
    const roles = [
      { name: 'admin', default: false },
      { name: 'member', default: true },
      { name: 'author', default: false },
      { name: 'auditor', default: true },
    ];
    expect(renamed.body).toEqual({ roles, usersChanged: 1 });
    expect((await admin('GET', path)).body).toEqual({ roles });
    expect((await app.request('GET', `/Users/${ada.id}`)).body.roles).toEqual({
      admin: false,
      member: false,
      author: true,
      auditor: false,
    });
    const { body: bob } = await app.request('POST', '/Users', user('bob'));
    expect(bob.roles).toEqual({ admin: false, member: true, author: false, auditor: true });
    const { body: found } = await app.request('GET', '/Users?filter=roles.author%20eq%20true');
    expect(found.totalResults).toBe(1);
    const schema = await app.request('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
    expect(schema.text).toContain('"auditor"');
    expect(schema.text).not.toContain('"editor"');
  });

  it('answers 409 to a name in use', async () => {
    expect((await admin('POST', path, { name: 'ADMIN' })).status).toBe(409);
    expect((await admin('PATCH', `${path}/admin`, { name: 'member' })).status).toBe(409);
  });

  it.each([{}, { name: '1st' }, { name: 'ok', default: 'yes' }, { name: 'ok', rank: 1 }])(
    'answers 400 to POST of %j',
    async (body) => {
      expect((await admin('POST', path, body)).status).toBe(400);
    },
  );

  it('answers 404 to a role that there is not', async () => {
    expect((await admin('PATCH', `${path}/nobody`, { name: 'somebody' })).status).toBe(404);
  });

  it('answers 409 where the profile takes any roles', async () => {
    const { tenant } = await app.addTenant({ profile: 'rfc' });
    expect((await admin('GET', `/tenants/${tenant.slug}/roles`)).status).toBe(409);
  });
});
