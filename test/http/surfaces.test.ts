import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_SUFFIX, tenantNamed } from '../../src/directory/tenants.ts';
import { type Answer, send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { user } from '../support/directory.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startEmbeddedApp({ profile: 'rfc' });
});
afterAll(() => app.close());

const get = (authorization: string, path = '/Users'): Promise<Answer> =>
  send(`${app.url}${path}`, 'GET', undefined, undefined, { authorization });

describe('credentials on the SCIM surface', () => {
  it('are told which kind is needed when they are of another', async () => {
    const { tenant } = await app.addTenant({ profile: 'messagebird' });
    const key = await app.issueToken(tenant, { api: 'rest' });
    const asBearer = await get(`Bearer ${key}`);
    expect([asBearer.status, asBearer.body.detail]).toEqual([
      401,
      expect.stringMatching(
        /^The key \w{8} is for the API that takes "AccessKey"; this endpoint needs "Bearer <token>"\.$/,
      ),
    ]);
    expect(String(asBearer.body.detail)).not.toContain(key);
    const asItself = await get(`AccessKey ${key}`);
    expect([asItself.status, asItself.body.detail]).toEqual([401, asBearer.body.detail]);
    const unknown = await get('AccessKey hunter2');
    expect([unknown.status, unknown.body.detail]).toEqual([
      401,
      'The Authorization header has the scheme "AccessKey"; this endpoint needs "Bearer <token>".',
    ]);
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer realm="SCIM"');
  });

  it('of a tenant whose profile has no SCIM are told so, whatever they are', async () => {
    const modzy = await app.addTenant({ profile: 'modzy' });
    expect(modzy.token).toMatch(/^[\w-]{30}\.[\w-]{43}$/);
    for (const path of ['/Users', '/ServiceProviderConfig', '/nothing']) {
      const answer = await get(`ApiKey ${modzy.token}`, path);
      expect([answer.status, answer.body.detail]).toEqual([404, 'The profile modzy has no SCIM; use its REST API.']);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
    }
    const payhawk = await app.addTenant({ profile: 'payhawk' });
    const answer = await get(`Bearer ${payhawk.token}`);
    expect([answer.status, answer.body.detail]).toEqual([404, 'The profile payhawk has no SCIM.']);
  });

  it.each(['free', 'starter', 'pro'])('of a tenant on the plan %s are told that SCIM needs another', async (plan) => {
    const { token } = await app.addTenant({ profile: 'messagebird', plan });
    const answer = await get(`Bearer ${token}`);
    expect([answer.status, answer.body.detail]).toEqual([
      403,
      `SCIM needs the plan enterprise; this tenant has the plan ${plan}.`,
    ]);
  });
});

describe('a sandbox', () => {
  it('is made with its tenant, and neither sees what is in the other', async () => {
    const live = await app.addTenant({ profile: 'modern-treasury' });
    const sandbox = await tenantNamed(app.context, `${live.tenant.slug}${SANDBOX_SUFFIX}`);
    expect(sandbox).toMatchObject({ sandboxOf: live.tenant.id, profile: 'modern-treasury' });
    const token = await app.issueToken(sandbox);
    const created = await send(`${app.url}/Users`, 'POST', token, user('only-here'));
    expect(created.status).toBe(201);
    expect((await get(`Bearer ${token}`)).body.totalResults).toBe(1);
    expect((await get(`Bearer ${live.token}`)).body.totalResults).toBe(0);
    expect((await get(`Bearer ${live.token}`, `/Users/${created.body.id}`)).status).toBe(404);
  });
});
