import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfToken, prefixFrom, tokenText } from '../../src/access/token.ts';
import { ERROR, USER_SCHEMA } from '../../src/schema/urns.ts';
import { insertCredential } from '../../src/storage/credentials.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { exchange, parseAnswer } from './raw.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

describe('401', () => {
  it.each([
    [undefined, 'Bearer realm="SCIM"'],
    ['Basic dTpw', 'Bearer realm="SCIM"'],
    ['Bearer', 'Bearer realm="SCIM"'],
    ['non-token', 'Bearer realm="SCIM"'],
    ['Bearer nonsense', 'Bearer realm="SCIM", error="invalid_token"'],
    ['Bearer a b', 'Bearer realm="SCIM", error="invalid_token"'],
  ])(
    'answers Authorization %j as a SCIM error with a challenge',
    shows('7644-2-3', '7644-3.12-5'),
    async (authorization, challenge) => {
      const answer = await app.request('GET', '/Users', undefined, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
      expect(answer.body).toEqual({
        schemas: [ERROR],
        status: '401',
        detail: expect.stringMatching(/this endpoint needs (?:"Bearer <token>"|a live one)\.$/),
      });
    },
  );

  it('is the same for a token that expired as for one that never was', shows('7644-7.4-2'), async () => {
    const { tenant } = await app.addTenant();
    const prefix = prefixFrom(app.context.newSecret());
    const expired = tokenText({ tenantId: tenant.id, prefix }, app.context.newSecret());
    await insertCredential(app.context.db, {
      tenantId: tenant.id,
      id: app.context.newId(),
      scheme: 'bearer',
      prefix,
      secretHash: hashOfToken(expired),
      scopes: ['scim:read'],
      label: null,
      userId: null,
      kind: 'organization' as const,
      roles: [],
      groupId: null,
      createdAt: new Date(0),
      expiresAt: new Date(1),
      revokedAt: null,
      lastUsedAt: null,
      allowedIps: null,
      rotatedTo: null,
    });
    const [one, other] = await Promise.all(
      [expired, `${expired.slice(0, -3)}AAA`].map((token) => send(`${app.url}/Users`, 'GET', token)),
    );
    expect(one?.status).toBe(401);
    expect(one?.text).toBe(other?.text);
  });

  it('answers two Authorization headers without choosing one', async () => {
    const header = `Authorization: Bearer ${app.token}\r\n`;
    const request = `GET /scim/v2/Users HTTP/1.1\r\nHost: h\r\n${header}${header}Connection: close\r\n\r\n`;
    const answer = parseAnswer(await exchange(app.origin, request));
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body).detail).toContain('more than one Authorization header');
  });

  it('takes the token without a scheme from lenient tenants only', async () => {
    expect((await app.request('GET', '/Users', undefined, { authorization: app.token })).status).toBe(200);
    const strict = await app.addTenant({ grade: 'strict' });
    const answer = await app.request('GET', '/Users', undefined, { authorization: strict.token });
    expect(answer.status).toBe(401);
  });
});

describe('403', () => {
  const user = { schemas: [USER_SCHEMA], userName: 'ann' };

  it.each([
    ['scim:read', 'GET', 200],
    ['scim:read', 'HEAD', 200],
    ['scim:read', 'POST', 403],
    ['scim:write', 'POST', 201],
    ['scim:write', 'GET', 403],
    ['admin', 'GET', 403],
    ['admin', 'POST', 403],
  ])('lets %s do %s: %i', shows('7644-2-2', '7644-2-4', '7644-2.1-1'), async (scope, method, status) => {
    const { tenant } = await app.addTenant();
    const token = await app.issueToken(tenant, { scopes: [scope] });
    const answer = await send(`${app.url}/Users`, method, token, method === 'POST' ? user : undefined);
    expect(answer.status).toBe(status);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('needs scim:write for %s', shows('7644-2-3', '7644-3.12-6'), async (method) => {
    const token = await app.issueToken(app.tenant, { scopes: ['scim:read'] });
    const answer = await send(`${app.url}/Users/x`, method, token, {});
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="SCIM", error="insufficient_scope", scope="scim:write"',
    );
    expect(answer.body).toEqual({
      schemas: [ERROR],
      status: '403',
      detail: `The credential ${token.split('.')[2]} has the scopes "scim:read"; this needs "scim:write".`,
    });
  });
});

describe('the tenant in the path', () => {
  const at = (slug: string, path = '/Users') => `${app.origin}/t/${slug}/scim/v2${path}`;

  it('serves the same as the path without it, and names itself in every URI', shows('7644-6.1-2'), async () => {
    const { slug } = app.tenant;
    const created = await send(at(slug), 'POST', app.token, { schemas: [USER_SCHEMA], userName: 'in-path' });
    expect(created.status).toBe(201);
    const location = created.headers.get('location');
    expect(location).toBe(`${at(slug)}/${created.body.id}`);
    expect(created.body.meta).toMatchObject({ location });
    expect((await app.request('GET', `/Users/${created.body.id}`)).body.meta).toMatchObject({
      location: `${app.url}/Users/${created.body.id}`,
    });
  });

  it('answers a foreign tenant as one that there is not', shows('7644-6.1-2', '7644-2-4'), async () => {
    const other = await app.addTenant();
    const foreign = await send(at(other.tenant.slug), 'GET', app.token);
    const unknown = await send(at('nobody'), 'GET', app.token);
    expect(foreign.status).toBe(403);
    expect(foreign.text).toBe(unknown.text);
    expect(foreign.body.detail).toBe('The credential does not belong to the tenant that the path names.');
  });

  it('refuses a foreign tenant everywhere, also where there is no endpoint', async () => {
    for (const path of ['/Users/x', '/Nothing', '/Schemas', '/Bulk', '']) {
      expect((await send(at('nobody', path), 'GET', app.token)).status, path).toBe(403);
    }
  });

  it.each(['%00', '..', 'TENANT', '%2e%2e', 'a%2Fb', '*', ':tenant'])('is compared as text: %s', async (slug) => {
    // The client resolves dots before it sends, so the raw path goes out by hand.
    const request = `GET /t/${slug}/scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`;
    expect(parseAnswer(await exchange(app.origin, request)).status).toBe(403);
  });

  it('keeps tenants apart', shows('7643-9.3-1', '7644-3.12-7', '7644-6-1', '7644-6.1-1'), async () => {
    const other = await app.addTenant();
    const mine = await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: 'mine' });
    const foreign = (method: string, path: string, body?: unknown) =>
      send(`${app.url}${path}`, method, other.token, body);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { schemas: [USER_SCHEMA], userName: 'x' }]] as const) {
      expect((await foreign(method, `/Users/${mine.body.id}`, body)).status, method).toBe(404);
    }
    expect((await foreign('GET', '/Users')).body.totalResults).toBe(0);
    expect((await foreign('POST', '/Users', { schemas: [USER_SCHEMA], userName: 'mine' })).status).toBe(201);
  });
});
