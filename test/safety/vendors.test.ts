import { afterAll, beforeAll, expect, it } from 'vitest';
import { restTenant } from '../routes/vendors/rest.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

// Modzy and Modern Treasury are tried beside their other requests, in test/routes/vendors.
describeEachDatabase('a key of the REST API that changes users', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  const tenant = () => restTenant(app, (key) => `AccessKey ${key}`, { profile: 'messagebird' });
  const fields = { email: 'ada@example.com', firstName: 'Ada', lastName: 'L', role: 'member' };

  it('reaches no user of another tenant, chooses no id, and takes nobody over by an e-mail address', async () => {
    const [victim, attacker] = [await tenant(), await tenant()];
    const made = await victim.rest('POST', '/users', fields);
    expect(made.status).toBe(201);
    const path = `/users/${made.body.id}`;
    const before = await victim.rest('GET', path);
    expect((await attacker.rest('GET', path)).status).toBe(404);
    expect((await attacker.rest('PATCH', path, { firstName: 'Taken' })).status).toBe(404);
    expect((await attacker.rest('DELETE', path)).status).toBe(404);
    const same = await attacker.rest('POST', '/users', fields);
    expect(same.status).toBe(201);
    expect(same.body.id).not.toBe(made.body.id);
    const chosen = await attacker.rest('POST', '/users', { ...fields, email: 'b@example.com', id: made.body.id });
    if (chosen.status === 201) expect(chosen.body.id).not.toBe(made.body.id);
    else expect(chosen.status).toBeGreaterThanOrEqual(400);
    await attacker.rest('DELETE', `/users/${same.body.id}`);
    expect((await victim.rest('GET', path)).body).toEqual(before.body);
  });

  it('opens neither SCIM nor administration', async () => {
    const { key, authorization } = await tenant();
    for (const path of ['/scim/v2/Users', '/admin/tenants']) {
      for (const sent of [authorization, `Bearer ${key}`]) {
        const { status } = await fetch(`${app.origin}${path}`, { headers: { authorization: sent } });
        expect([401, 403]).toContain(status);
      }
    }
  });
});
