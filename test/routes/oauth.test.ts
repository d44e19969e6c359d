import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURE_WINDOW_SECONDS, MAX_FAILURES } from '../../src/access/oauth/failure-limit.ts';
import { MAX_FORM_BYTES, MAX_FORM_PARAMETERS } from '../../src/access/oauth/form.ts';
import { KEY_ANNOUNCE_SECONDS } from '../../src/access/oauth/signing-keys.ts';
import { MAX_TOKEN_LIFE_SECONDS, MIN_TOKEN_LIFE_SECONDS } from '../../src/access/oauth/token-life.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { type Answer, send, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import { basic, tokenRequest } from '../support/oauth.ts';
import { adminOf, type Send } from './admin/admin.ts';

const GRANT = { grant_type: 'client_credentials' };

describeEachDatabase('/oauth/token', (open) => {
  let now = new Date();
  let app: TestApp;
  /** Another process on the same database. */
  let other: TestApp;
  let admin: Send;
  let path: string;
  let client: Client;
  beforeAll(async () => {
    const storage = await open();
    const context = { clock: () => now };
    app = await startApp({ storage, context, publicUrl: 'https://scim.example' });
    other = await startApp({ storage, context, publicUrl: 'https://scim.example' });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/clients`;
    client = await newClient();
  });
  afterAll(async () => {
    await app.close();
    await other.close();
  });

  interface Client {
    readonly id: string;
    readonly secret: string;
  }
  async function newClient(asked: object = {}): Promise<Client> {
    const { status, body } = await admin('POST', path, asked);
    expect(status).toBe(201);
    return { id: String((body.client as JsonObject).client_id), secret: String(body.client_secret) };
  }
  const asking = ({ id, secret }: Client, more: Record<string, string> = {}) =>
    tokenRequest(app.origin, { ...GRANT, client_id: id, client_secret: secret, ...more });
  async function tokenOf(given: Client, more: Record<string, string> = {}): Promise<string> {
    const { status, body, text } = await asking(given, more);
    expect(status, text).toBe(200);
    return String(body.access_token);
  }
  const listing = (token: string, on: TestApp = app) => send(`${on.url}/Users`, 'GET', token);
  const later = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  const expectError = ({ status, headers, body }: Answer, wanted: number, error: string) => {
    expect([status, body.error], JSON.stringify(body)).toEqual([wanted, error]);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    // RFC 6749 §5.2: what a description may hold.
    expect(body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  };

  describe('gives an access token', () => {
    it('for a secret in the form, as Entra sends it', async () => {
      const { status, headers, body } = await asking(client);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('pragma')).toBe('no-cache');
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: MIN_TOKEN_LIFE_SECONDS,
        scope: 'scim',
      });
      expect((await listing(String(body.access_token))).status).toBe(200);
    });

    it('for a secret by HTTP Basic, whose parts are form-encoded', async () => {
      const { status, body } = await tokenRequest(app.origin, GRANT, basic(client.id, client.secret));
      expect([status, body.token_type]).toEqual([200, 'Bearer']);
      const named = await tokenRequest(app.origin, { ...GRANT, client_id: client.id }, basic(client.id, client.secret));
      expect(named.status).toBe(200);
    });

    it('in the profile of RFC 9068', async () => {
      const token = await tokenOf(client);
      expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
      const seconds = Math.floor(now.getTime() / 1000);
      expect(decodeJwt(token)).toEqual({
        iss: 'https://scim.example',
        aud: 'https://scim.example',
        sub: client.id,
        client_id: client.id,
        scope: 'scim',
        secret: expect.stringMatching(/^[a-z0-9]{8}$/),
        jti: expect.any(String),
        iat: seconds,
        exp: seconds + MIN_TOKEN_LIFE_SECONDS,
      });
    });

    it('that every process takes, and that writes as any token does', async () => {
      const token = await tokenOf(client);
      expect((await send(`${other.url}/Users`, 'POST', token, user(randomUUID()))).status).toBe(201);
    });

    it('that is bound to the user of the client', async () => {
      const created = await app.request('POST', '/Users', user('oauth-bound'));
      const token = await tokenOf(await newClient({ user: 'oauth-bound' }));
      expect((await send(`${app.url}/Me`, 'GET', token)).body.id).toBe(created.body.id);
    });

    it('that says nothing in another tenant', async () => {
      const elsewhere = await app.addTenant();
      const token = await tokenOf(client);
      const answer = await send(`${app.origin}/t/${elsewhere.tenant.slug}/scim/v2/Users`, 'GET', token);
      expect(answer.status).toBe(403);
    });

    it('that opens no admin API', async () => {
      expect((await send(`${app.origin}/admin/tenants`, 'GET', await tokenOf(client))).status).toBe(403);
      expectError(await asking(client, { scope: 'admin' }), 400, 'invalid_scope');
      expect((await admin('POST', path, { scopes: ['admin'] })).status).toBe(400);
    });
  });

  describe('narrows scopes', () => {
    it.each([
      [['scim'], undefined, 'scim'],
      [['scim'], 'scim', 'scim'],
      [['scim'], 'scim:read', 'scim:read'],
      [['scim'], 'scim:read scim:write', 'scim:read scim:write'],
      [['scim:read'], undefined, 'scim:read'],
      [['scim', 'user:read'], undefined, 'scim user:read'],
    ])('of a client with %j, asked for %j, to %s', async (scopes, asked, granted) => {
      const { body } = await asking(await newClient({ scopes }), asked === undefined ? {} : { scope: asked });
      expect(body.scope).toBe(granted);
      expect(decodeJwt(String(body.access_token)).scope).toBe(granted);
    });

    it.each(['scim', 'scim:write', 'scim:read scim:write', 'openid', 'constructor', ' '])(
      'and never widens them to %j',
      async (scope) => {
        expectError(await asking(await newClient({ scopes: ['scim:read'] }), { scope }), 400, 'invalid_scope');
      },
    );

    it('so that a token for reading does not write', async () => {
      const token = await tokenOf(client, { scope: 'scim:read' });
      expect((await listing(token)).status).toBe(200);
      const refused = await send(`${app.url}/Users`, 'POST', token, user(randomUUID()));
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        'Bearer realm="SCIM", error="insufficient_scope", scope="scim:write"',
      ]);
    });
  });

  describe('refuses', () => {
    it.each<[string, Record<string, string>, number, string]>([
      ['no grant_type', { client_id: 'x', client_secret: 'y' }, 400, 'invalid_request'],
      ['an empty grant_type', { grant_type: '', client_id: 'x' }, 400, 'invalid_request'],
      ['another grant_type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
      ['a refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'unsupported_grant_type'],
      ['nobody', GRANT, 401, 'invalid_client'],
      ['a client_id alone', { ...GRANT, client_id: 'x' }, 401, 'invalid_client'],
      ['a secret alone', { ...GRANT, client_secret: 'x' }, 400, 'invalid_request'],
      ['a client_id that is none', { ...GRANT, client_id: 'x', client_secret: 'y' }, 401, 'invalid_client'],
      ['an assertion without a type', { ...GRANT, client_assertion: 'x' }, 400, 'invalid_request'],
      ['a type without an assertion', { ...GRANT, client_assertion_type: 'x' }, 400, 'invalid_request'],
      [
        'a SAML assertion',
        {
          ...GRANT,
          client_assertion: 'x',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
        },
        400,
        'invalid_request',
      ],
      [
        'a JWT grant without an assertion',
        { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' },
        400,
        'invalid_request',
      ],
      [
        'a JWT grant that is no JWT',
        { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x.y.z' },
        400,
        'invalid_grant',
      ],
    ])('%s', async (_, form, status, error) => {
      expectError(await tokenRequest(app.origin, form), status, error);
    });

    it('a secret that is sent in two places, or for two clients', async () => {
      const { id, secret } = client;
      const twice = { ...GRANT, client_id: id, client_secret: secret };
      expectError(await tokenRequest(app.origin, twice, basic(id, secret)), 400, 'invalid_request');
      const another = { ...GRANT, client_id: `${id.slice(0, -1)}_` };
      expectError(await tokenRequest(app.origin, another, basic(id, secret)), 400, 'invalid_request');
    });

    it('a client from elsewhere than its networks, as an unknown one', async () => {
      const inside = await newClient({ allowedIps: ['127.0.0.0/8', '::1'] });
      expect((await listing(await tokenOf(inside))).status).toBe(200);
      const outside = await asking(await newClient({ allowedIps: ['192.0.2.0/24'] }));
      expectError(outside, 401, 'invalid_client');
      expect(outside.text).toBe((await asking({ ...inside, secret: 'x' })).text);
      expect((await admin('POST', path, { allowedIps: ['x'] })).status).toBe(400);
    });

    it('a parameter that comes twice, and ones in the URI', async () => {
      const pairs = [...Object.entries(GRANT), ['scope', 'scim'], ['scope', 'scim']] as [string, string][];
      expectError(await tokenRequest(app.origin, pairs, basic(client.id, client.secret)), 400, 'invalid_request');
      const uri = `${app.origin}/oauth/token?client_secret=${client.secret}`;
      expectError(await form(uri, new URLSearchParams(GRANT).toString()), 400, 'invalid_request');
    });

    it('bodies that are no form', async () => {
      const json = JSON.stringify({ ...GRANT, client_id: client.id, client_secret: client.secret });
      expectError(await form(`${app.origin}/oauth/token`, json, 'application/json'), 400, 'invalid_request');
      expectError(await form(`${app.origin}/oauth/token`, 'grant_type=%', undefined), 400, 'invalid_request');
      expectError(await form(`${app.origin}/oauth/token`, 'grant_type=%ff', undefined), 400, 'invalid_request');
      expectError(await send(`${app.origin}/oauth/token`, 'POST', undefined), 400, 'invalid_request');
    });

    it('a form beyond its limits, and takes one at them', async () => {
      const rest = new URLSearchParams({ ...GRANT, client_id: client.id, client_secret: client.secret }).toString();
      const filled = (length: number) => `${rest}&x=${'a'.repeat(length - rest.length - 3)}`;
      expect((await form(`${app.origin}/oauth/token`, filled(MAX_FORM_BYTES))).status).toBe(200);
      expectError(await form(`${app.origin}/oauth/token`, filled(MAX_FORM_BYTES + 1)), 413, 'invalid_request');
      const many = (count: number) => `${rest}${Array.from({ length: count - 3 }, (_, i) => `&x${i}=1`).join('')}`;
      expect((await form(`${app.origin}/oauth/token`, many(MAX_FORM_PARAMETERS))).status).toBe(200);
      expectError(await form(`${app.origin}/oauth/token`, many(MAX_FORM_PARAMETERS + 1)), 400, 'invalid_request');
    });

    it('other methods', async () => {
      const answer = await send(`${app.origin}/oauth/token`, 'GET', undefined);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it('an unknown client, a wrong secret, a revoked one and a revoked client with one and the same answer', async () => {
      const gone = await newClient();
      await admin('DELETE', `${path}/${gone.id}`);
      const fresh = await newClient();
      const { body } = await admin('POST', `${path}/${fresh.id}/secrets`);
      const { prefix } = body.secret as { prefix: string };
      await admin('DELETE', `${path}/${fresh.id}/secrets/${prefix}`);
      const wrong = `${fresh.secret.slice(0, -1)}${fresh.secret.endsWith('A') ? 'B' : 'A'}`;
      const answers = [
        await asking({ id: `${fresh.id.slice(0, -8)}zzzzzzzz`, secret: fresh.secret }),
        await asking({ id: fresh.id, secret: wrong }),
        await asking({ id: fresh.id, secret: client.secret }),
        await asking({ id: fresh.id, secret: 'x' }),
        await asking({ id: fresh.id, secret: String(body.client_secret) }),
        await asking(gone),
      ];
      for (const answer of answers) expectError(answer, 401, 'invalid_client');
      const seen = answers.map(({ text, headers }) => [text, headers.get('www-authenticate')]);
      expect(new Set(seen.map(String)).size).toBe(1);
      expect(seen[0]?.[1]).toBe('Basic realm="OAuth"');
    });

    it(`a client that failed ${MAX_FAILURES} times, for a minute, and no other client`, async () => {
      const fresh = await newClient();
      for (let failed = 0; failed < MAX_FAILURES; failed++) {
        expectError(await asking({ ...fresh, secret: 'wrong' }), 401, 'invalid_client');
      }
      const blocked = await asking(fresh);
      expectError(blocked, 429, 'temporarily_unavailable');
      expect(Number(blocked.headers.get('retry-after'))).toBe(FAILURE_WINDOW_SECONDS);
      expect((await asking(client)).status).toBe(200);
      later(FAILURE_WINDOW_SECONDS);
      expect((await asking(fresh)).status).toBe(200);
    });
  });

  describe('lets tokens live', () => {
    const life = (seconds: unknown) => admin('PUT', `/tenants/${app.tenant.slug}/token-life`, { seconds });

    it.each([MIN_TOKEN_LIFE_SECONDS, MAX_TOKEN_LIFE_SECONDS])('%i seconds, and no second more', async (seconds) => {
      expect((await life(seconds)).body.tenant).toMatchObject({ tokenLife: seconds });
      const { body } = await asking(client);
      expect(body.expires_in).toBe(seconds);
      const token = String(body.access_token);
      later(seconds - 1);
      expect((await listing(token)).status).toBe(200);
      later(1);
      expect((await listing(token)).status).toBe(401);
      expect((await listing(token, other)).status).toBe(401);
    });

    it.each([MIN_TOKEN_LIFE_SECONDS - 1, MAX_TOKEN_LIFE_SECONDS + 1, 3600.5, '3600', 0, -1])(
      'not %j seconds',
      async (seconds) => {
        expect((await life(seconds)).status).toBe(400);
      },
    );

    it('an hour where nothing else is asked for', async () => {
      expect((await life(null)).body.tenant).toMatchObject({ tokenLife: MIN_TOKEN_LIFE_SECONDS });
      expect((await asking(client)).body.expires_in).toBe(MIN_TOKEN_LIFE_SECONDS);
    });
  });

  describe('ends what was given', () => {
    it('with the client: here at once, in other processes within 5 seconds', async () => {
      const gone = await newClient();
      const token = await tokenOf(gone);
      expect([(await listing(token)).status, (await listing(token, other)).status]).toEqual([200, 200]);
      expect((await admin('DELETE', `${path}/${gone.id}`)).status).toBe(204);
      expect((await listing(token)).status).toBe(401);
      later(5);
      expect((await listing(token, other)).status).toBe(401);
    });

    it('with the secret that it was got by, while another secret goes on', async () => {
      const rotated = await newClient();
      const { body } = await admin('POST', `${path}/${rotated.id}/secrets`);
      const next = { id: rotated.id, secret: String(body.client_secret) };
      const [old, fresh] = [await tokenOf(rotated), await tokenOf(next)];
      expect([(await listing(old)).status, (await listing(fresh)).status]).toEqual([200, 200]);
      const first = String(decodeJwt(old).secret);
      expect((await admin('DELETE', `${path}/${rotated.id}/secrets/${first}`)).status).toBe(204);
      expect([(await listing(old)).status, (await listing(fresh)).status]).toEqual([401, 200]);
      expect([(await asking(rotated)).status, (await asking(next)).status]).toEqual([401, 200]);
    });

    it('with the life of the secret, for new tokens alone', async () => {
      const secretExpiresAt = new Date(now.getTime() + 60_000).toISOString();
      const brief = await newClient({ secretExpiresAt });
      const token = await tokenOf(brief);
      later(60);
      expect((await asking(brief)).status).toBe(401);
      expect((await listing(token)).status).toBe(200);
    });

    it('with the suspension of the user to whom the client is bound', async () => {
      const created = await app.request('POST', '/Users', user('oauth-leaver'));
      const token = await tokenOf(await newClient({ user: 'oauth-leaver' }));
      expect((await listing(token)).status).toBe(200);
      await app.request('PATCH', `/Users/${created.body.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'active', value: false }],
      });
      later(5);
      expect((await listing(token)).status).toBe(401);
    });
  });

  describe('signs with keys', () => {
    const keys = async () => (await send(`${other.origin}/oauth/jwks`, 'GET', undefined)).body.keys as JsonObject[];
    const kidOf = async () => decodeProtectedHeader(await tokenOf(client)).kid;

    it('that it publishes without their private parts', async () => {
      const published = await keys();
      expect(published.map(({ kid }) => kid)).toContain(await kidOf());
      for (const key of published) {
        expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      }
    });

    it('of which a new one is published before it signs, and the old one checks until its tokens have expired', async () => {
      const old = await kidOf();
      const token = await tokenOf(client);
      const { body } = await admin('POST', '/signing-keys/rotate');
      const { kid } = body.key as JsonObject;
      later(5);
      expect((await keys()).map((key) => key.kid)).toEqual(expect.arrayContaining([old, kid]));
      expect(await kidOf()).toBe(old);
      later(KEY_ANNOUNCE_SECONDS);
      expect(await kidOf()).toBe(kid);
      expect((await listing(token, other)).status).toBe(200);
      expect((await listing(await tokenOf(client), other)).status).toBe(200);
      later(MAX_TOKEN_LIFE_SECONDS);
      expect((await keys()).map((key) => key.kid)).toEqual([kid]);
    });

    it('of which a leaked one ends at once, with every token under it', async () => {
      const token = await tokenOf(client);
      expect((await listing(token, other)).status).toBe(200);
      await admin('POST', '/signing-keys/rotate', { atOnce: true });
      later(10);
      expect((await listing(token)).status).toBe(401);
      expect((await listing(token, other)).status).toBe(401);
      const next = await tokenOf(client);
      expect([(await listing(next)).status, (await listing(next, other)).status]).toEqual([200, 200]);
    });
  });
});

describeEachDatabase('the metadata of OAuth', (open) => {
  const metadataOf = async (publicUrl?: string, path = '') => {
    const app = await startApp({ storage: await open(), ...(publicUrl === undefined ? {} : { publicUrl }) });
    try {
      const { body } = await send(`${app.origin}/.well-known/oauth-authorization-server${path}`, 'GET', undefined);
      return { body, origin: app.origin };
    } finally {
      await app.close();
    }
  };

  it('is that of RFC 8414, from the address of the request', async () => {
    const { body, origin } = await metadataOf();
    expect(body).toMatchObject({
      issuer: origin,
      token_endpoint: `${origin}/oauth/token`,
      jwks_uri: `${origin}/oauth/jwks`,
      grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      response_types_supported: [],
    });
    expect(body.scopes_supported).toContain('scim');
    expect(body.token_endpoint_auth_signing_alg_values_supported).not.toContain('none');
    expect(String(body.token_endpoint_auth_signing_alg_values_supported)).not.toMatch(/HS\d/);
  });

  it('has the public URL, at the place of RFC 8414 §3.1 too when that has a path', async () => {
    const publicUrl = 'https://example.com/idp';
    for (const path of ['', '/idp']) {
      const { body } = await metadataOf(publicUrl, path);
      expect(body).toMatchObject({ issuer: publicUrl, token_endpoint: `${publicUrl}/oauth/token` });
    }
  });
});

function form(
  url: string,
  body: string,
  type: string | undefined = 'application/x-www-form-urlencoded',
): Promise<Answer> {
  return send(url, 'POST', undefined, body, { 'content-type': type });
}
