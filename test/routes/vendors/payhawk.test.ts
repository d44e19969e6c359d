import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { send, startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { bridgeOf } from '../admin/bridge.ts';

describeEachDatabase('an application without an API for users', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());

  it('has nothing for a connector, and says so', async () => {
    const { token } = await app.addTenant({ profile: 'payhawk' });
    for (const path of [
      '/scim/v2/Users',
      '/scim/v2/Groups',
      '/scim/v2/ServiceProviderConfig',
      '/users',
      '/api/users',
    ]) {
      const { status, body } = await send(`${app.origin}${path}`, 'GET', token);
      expect([path, status]).toEqual([path, 404]);
      if (path.startsWith('/scim')) expect(body.detail).toBe('The profile payhawk has no SCIM.');
    }
  });

  it('sees an employee offboarded by a person, over the bridge', async () => {
    const bridge = await bridgeOf(app);
    const overview = async () => {
      const { body } = await bridge.admin('GET', `/tenants/${bridge.tenant.slug}`);
      return (body.tenant as JsonObject).pendingDeprovisioning as JsonObject;
    };
    const who = 'finance@example.com';
    const alice = await bridge.user('alice@example.com', { name: { givenName: 'Alice', familyName: 'Ames' } });
    await bridge.step((await bridge.lastOf(alice)).id, 'done', { who });
    expect((await bridge.patch(alice, 'active', false)).body.active).toBe(false);
    expect(await overview()).toMatchObject({
      count: 1,
      tasks: [{ status: 'open', user: { id: alice, userName: 'alice@example.com' } }],
    });
    const [task] = await bridge.tasks('?status=open&kind=deprovision');
    expect((await bridge.step(task?.id, 'claim', { who })).status).toBe(200);
    expect((await overview()).count).toBe(1);
    const done = await bridge.step(task?.id, 'done', { who, note: 'card blocked, too' });
    expect(done.body.task).toMatchObject({
      status: 'done',
      changes: [{ attribute: 'active', before: true, after: false }],
    });
    expect(await overview()).toEqual({ count: 0, oldest: null, ageSeconds: null, tasks: [] });
  });
});
