import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { shows } from '../../support/conformance.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { user } from '../../support/directory.ts';
import { adminOf, type Send, sender } from './admin.ts';

describeEachDatabase('/admin/tenants', (open) => {
  let app: TestApp;
  let admin: Send;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());
  const newTenant = async (more: JsonObject = {}) => {
    const slug = `t-${randomUUID()}`;
    const { status, body } = await admin('POST', '/tenants', { slug, ...more });
    expect(status).toBe(201);
    return body.tenant as JsonObject & { slug: string };
  };

  it('creates, shows and lists tenants', async () => {
    const slug = `t-${randomUUID()}`;
    const created = await admin('POST', '/tenants', { slug, profile: 'rfc', grade: 'strict' });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/admin/tenants/${slug}`);
    expect(created.body.tenant).toMatchObject({ slug, profile: 'rfc', grade: 'strict', owner: null, baseUrl: app.url });
    const shown = await admin('GET', `/tenants/${slug}`);
    expect([shown.status, shown.body]).toEqual([200, created.body]);
    const { body } = await admin('GET', '/tenants');
    expect(body.tenants).toContainEqual(created.body.tenant);
  });

  it('creates a tenant with its owner', async () => {
    const { owner } = await newTenant({ owner: 'ada@example.com' });
    expect(owner).toMatchObject({ userName: 'ada@example.com' });
  });

  it('refuses a taken name', async () => {
    const { slug } = await newTenant();
    const { status, body } = await admin('POST', '/tenants', { slug });
    expect([status, body.scimType]).toEqual([409, 'uniqueness']);
  });

  it('moves the ownership, at once also for who is served from memory', async () => {
    const created = await app.request('POST', '/Users', user('boss'));
    const put = (body: unknown) => admin('PUT', `/tenants/${app.tenant.slug}/owner`, body);
    const { status, body } = await put({ userName: 'BOSS' });
    expect([status, (body.tenant as JsonObject).owner]).toEqual([200, { id: created.body.id, userName: 'boss' }]);
    expect((await app.request('DELETE', `/Users/${created.body.id}`)).status).toBe(403);
    expect((await put({ userName: 'nobody' })).status).toBe(404);
    expect((await put({ userName: null })).body.tenant).toMatchObject({ owner: null });
    expect((await app.request('DELETE', `/Users/${created.body.id}`)).status).toBe(204);
  });

  it.each([
    ['POST', '/tenants', {}],
    ['POST', '/tenants', undefined],
    ['POST', '/tenants', []],
    ['POST', '/tenants', { slug: 5 }],
    ['POST', '/tenants', { slug: 'a', colour: 'red' }],
    ['POST', '/tenants', { slug: 'No Slug' }],
    ['POST', '/tenants', { slug: 'a', profile: 'okta' }],
    ['POST', '/tenants', '{"slug":'],
    ['POST', '/tenants', '{"slug":"a","__proto__":{}}'],
    ['PUT', '/tenants/NAME/owner', {}],
    ['PUT', '/tenants/NAME/owner', { userName: 5 }],
  ])('answers 400 to %s %s with %j, whatever the dialect', async (method, path, body) => {
    const answer = await admin(method, path.replace('NAME', app.tenant.slug), body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400' });
  });

  it.each([
    ['POST', '/tenants', undefined],
    ['POST', '/tenants', []],
    ['PUT', '/tenants/NAME/owner', undefined],
  ])('says to %s %s with %j that the body is missing', async (method, path, body) => {
    const answer = await admin(method, path.replace('NAME', app.tenant.slug), body);
    expect(answer.body.detail).toBe('The body is missing, or it is no JSON object; send a JSON object.');
  });

  it.each(['/tenants/none', '/tenants/%00', '/tenants/..%2f..', '/nothing', '/tenants/none/tokens'])(
    'answers 404 to GET %s',
    async (path) => {
      const { status, body } = await admin('GET', path);
      expect([status, body.status]).toEqual([404, '404']);
    },
  );

  it('answers 405 to a method that a path lacks', async () => {
    const { status, headers } = await admin('DELETE', '/tenants');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it.each(['/tenants', '/nothing', '/tenants/none/tokens'])(
    'answers %s to nobody else',
    shows('7644-2-1'),
    async (path) => {
      const anonymous = sender(app, undefined);
      const client = sender(app, app.token);
      expect((await anonymous('GET', path)).status).toBe(401);
      const refused = await client('GET', path);
      expect(refused.status).toBe(403);
      expect(refused.headers.get('www-authenticate')).toContain('scope="admin"');
    },
  );

  it('gives its own credentials no access to resources', async () => {
    const token = await app.issueToken(app.tenant, { scopes: ['admin'] });
    expect((await app.request('GET', '/Users', undefined, { authorization: `Bearer ${token}` })).status).toBe(403);
  });
});
