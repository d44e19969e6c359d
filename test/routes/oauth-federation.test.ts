import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAILURE_WINDOW_SECONDS } from '../../src/access/oauth/failure-limit.ts';
import { MAX_AUDIENCES, MAX_FEDERATED_LIFE_SECONDS } from '../../src/access/oauth/federation.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/access/oauth/foreign-jwt.ts';
import { KEY_SET_PAUSE_SECONDS } from '../../src/access/oauth/key-sets.ts';
import { JWT_ASSERTION } from '../../src/access/oauth/presented-client.ts';
import { newClient } from '../../src/directory/clients.ts';
import { MAX_SHARERS } from '../../src/directory/issuers.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { insertClient } from '../../src/storage/oauth-clients.ts';
import { insertIssuer } from '../../src/storage/oauth-issuers.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import {
  type ForeignKey,
  foreignKey,
  type KeyServer,
  secondsOf,
  signed,
  startKeyServer,
  tokenRequest,
} from '../support/oauth.ts';
import { adminOf, type Send } from './admin/admin.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
type Claims = Readonly<Record<string, unknown>>;

describeEachDatabase('tokens of an issuer that is trusted', (open) => {
  let now = new Date();
  let app: TestApp;
  let second: TestTenant;
  let admin: Send;
  let server: KeyServer;
  let key: ForeignKey;
  beforeAll(async () => {
    key = await foreignKey('idp');
    server = await startKeyServer([key.publicJwk]);
    app = await startApp({
      storage: await open(),
      context: { clock: () => now },
      oauth: { privateHosts: server.host },
    });
    admin = await adminOf(app);
    second = await app.addTenant();
  });
  afterAll(async () => {
    await app.close();
    await server.close();
  });
  beforeEach(() => {
    now = new Date(now.getTime() + 1000 * FAILURE_WINDOW_SECONDS);
    server.keys = [key.publicJwk];
    server.answer = undefined;
    server.requests = [];
  });

  interface Trusted {
    readonly clientId: string;
    readonly audience: string;
  }
  const trust = (asked: object = {}, slug: string = app.tenant.slug): Promise<Answer> =>
    admin('POST', `/tenants/${slug}/issuers`, {
      issuer: server.origin,
      audience: `api://${randomUUID()}`,
      claims: { sub: 'workload' },
      ...asked,
    });
  async function trusted(asked: object = {}, slug?: string): Promise<Trusted> {
    const { status, body, text } = await trust(asked, slug);
    expect(status, text).toBe(201);
    const { client_id: clientId, audience } = body.issuer as { client_id: string; audience: string };
    return { clientId, audience };
  }
  const tokenFor = (aud: unknown, changes: Claims = {}, header: JsonObject = {}, by: ForeignKey = key) =>
    signed(
      by,
      { iss: server.origin, aud, sub: 'workload', iat: secondsOf(now), exp: secondsOf(now) + 3900, ...changes },
      header,
    );
  const listing = (token: string, slug?: string) =>
    send(`${app.origin}${slug === undefined ? '' : `/t/${slug}`}/scim/v2/Users`, 'GET', token);
  const statusOf = async (token: string) => (await listing(token)).status;

  describe('as bearer tokens', () => {
    it('act for the tenant that trusts them, with its scopes and as its user', async () => {
      const created = await app.request('POST', '/Users', user('federated'));
      const { audience } = await trusted({ scopes: ['scim:read'], user: 'federated' });
      const token = await tokenFor(audience);
      expect((await send(`${app.url}/Me`, 'GET', token)).body.id).toBe(created.body.id);
      expect((await send(`${app.url}/Users`, 'POST', token, user(randomUUID()))).status).toBe(403);
    });

    it('find their tenant among those that trust the issuer, by audience and claims', async () => {
      const audience = `api://${randomUUID()}`;
      await trusted({ audience, claims: { sub: 'workload', tid: 'one' } });
      await trusted({ audience, claims: { sub: 'workload', tid: 'two' } }, second.tenant.slug);
      const [one, two] = [await tokenFor(audience, { tid: 'one' }), await tokenFor(audience, { tid: 'two' })];
      expect((await listing(one, app.tenant.slug)).status).toBe(200);
      expect((await listing(two, second.tenant.slug)).status).toBe(200);
      expect((await listing(one, second.tenant.slug)).status).toBe(403);
      expect((await listing(two, app.tenant.slug)).status).toBe(403);
      expect(await statusOf(await tokenFor(audience, { tid: 'three' }))).toBe(401);
      expect(await statusOf(await tokenFor(audience))).toBe(401);
    });

    it('are trusted once: whose claims a token could have too, in whatever tenant, is refused', async () => {
      const { audience } = await trusted();
      for (const claims of [{ sub: 'workload' }, { tid: 'one' }]) {
        expect((await trust({ audience, claims }, second.tenant.slug)).status).toBe(409);
      }
      expect((await trust({ audience, claims: { sub: 'another' } }, second.tenant.slug)).status).toBe(201);
    });

    it('are trusted once, too, by tenants that add their issuer at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const audience = `api://${randomUUID()}`;
        const answers = await Promise.all([trust({ audience }), trust({ audience }, second.tenant.slug)]);
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
        expect(await statusOf(await tokenFor(audience))).toBe(200);
      }
    });

    it('are shared by so many clients and no more', async () => {
      const audience = `api://${randomUUID()}`;
      const { db, newId } = app.context;
      const tenantId = second.tenant.id;
      for (let index = 1; index < MAX_SHARERS; index++) {
        const client = await newClient(app.context, second.tenant, {});
        await insertClient(db, client);
        const claims = { tid: `${index}` };
        await insertIssuer(db, {
          tenantId,
          clientId: client.id,
          issuer: server.origin,
          audience,
          jwksUri: null,
          claims,
          direct: true,
        });
      }
      expect((await trust({ audience, claims: { tid: newId() } })).status).toBe(201);
      expect((await trust({ audience, claims: { tid: newId() } })).status).toBe(400);
      expect((await trust({ audience, claims: { tid: newId() }, direct: false })).status).toBe(201);
    });

    it.each<[string, Claims]>([
      ['claims of other values', { sub: 'Workload' }],
      ['a claim that is a list', { sub: ['workload'] }],
      ['no such claim', { sub: undefined }],
    ])('are refused with %s', async (_, changes) => {
      const { audience } = await trusted();
      expect(await statusOf(await tokenFor(audience))).toBe(200);
      expect(await statusOf(await tokenFor(audience, changes))).toBe(401);
    });

    it('compare claims by type too', async () => {
      const { audience } = await trusted({ claims: { level: 1, ok: true } });
      expect(await statusOf(await tokenFor(audience, { level: 1, ok: true }))).toBe(200);
      expect(await statusOf(await tokenFor(audience, { level: '1', ok: true }))).toBe(401);
      expect(await statusOf(await tokenFor(audience, { level: 1, ok: 'true' }))).toBe(401);
    });

    const skew = CLOCK_TOLERANCE_SECONDS;
    it.each<[string, number, Record<string, number>]>([
      ['at the longest life', 200, { exp: MAX_FEDERATED_LIFE_SECONDS + skew }],
      ['beyond the longest life', 401, { exp: MAX_FEDERATED_LIFE_SECONDS + skew + 2 }],
      ['that have expired', 401, { exp: -skew - 1 }],
      ['that do not hold yet', 401, { nbf: skew + 2 }],
      ['from the future', 401, { iat: skew + 2 }],
    ])('%s are answered %i', async (_, status, times) => {
      const { audience } = await trusted();
      const at = Math.floor(now.getTime() / 1000);
      const changes = Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, at + seconds]));
      expect(await statusOf(await tokenFor(audience, changes))).toBe(status);
    });

    it.each<[string, Claims, JsonObject]>([
      ['without an expiry', { exp: undefined }, {}],
      ['of another issuer', { iss: 'https://evil.example' }, {}],
      ['of no issuer', { iss: undefined }, {}],
      ['of an issuer that is no text', { iss: 1 }, {}],
      ['of the type of an event', {}, { typ: 'secevent+jwt' }],
      ['of the type of a logout', {}, { typ: 'logout+jwt' }],
    ])('%s are refused', async (_, changes, header) => {
      const { audience } = await trusted();
      expect(await statusOf(await tokenFor(audience, changes, header))).toBe(401);
    });

    it('may have several audiences, but not any number of them', async () => {
      const { audience } = await trusted();
      const others = Array.from({ length: MAX_AUDIENCES }, (_, index) => `api://${index}`);
      expect(await statusOf(await tokenFor([...others.slice(1), audience]))).toBe(200);
      expect(await statusOf(await tokenFor([...others, audience]))).toBe(401);
      expect(await statusOf(await tokenFor([]))).toBe(401);
      expect(await statusOf(await tokenFor([audience, '\u0000']))).toBe(401);
      expect(await statusOf(await tokenFor('api://unknown'))).toBe(401);
    });

    it('are refused under keys that the issuer does not publish', async () => {
      const { audience } = await trusted();
      const stranger = await foreignKey(key.kid);
      expect(await statusOf(await tokenFor(audience, {}, {}, stranger))).toBe(401);
      const jwk = stranger.publicJwk as JsonObject;
      expect(await statusOf(await tokenFor(audience, {}, { jwk }, stranger))).toBe(401);
    });

    it('end within 5 seconds after the issuer is removed, here at once', async () => {
      const { audience, clientId } = await trusted();
      const token = await tokenFor(audience);
      expect(await statusOf(token)).toBe(200);
      expect((await admin('DELETE', `/tenants/${app.tenant.slug}/issuers/${clientId}`)).status).toBe(204);
      expect(await statusOf(token)).toBe(401);
      expect((await admin('DELETE', `/tenants/${app.tenant.slug}/issuers/${clientId}`)).status).toBe(404);
    });

    it('are taken from the networks of the issuer alone', async () => {
      const { audience } = await trusted({ allowedIps: ['192.0.2.0/24'] });
      expect(await statusOf(await tokenFor(audience))).toBe(401);
      const granted = await tokenRequest(app.origin, { grant_type: JWT_BEARER, assertion: await tokenFor(audience) });
      expect([granted.status, granted.body.error]).toEqual([400, 'invalid_grant']);
    });

    it('end when they expire', async () => {
      const { audience } = await trusted();
      const token = await tokenFor(audience, { exp: secondsOf(now) + 2 });
      expect(await statusOf(token)).toBe(200);
      now = new Date(now.getTime() + 2000);
      expect(await statusOf(token)).toBe(401);
    });
  });

  describe('at the token endpoint', () => {
    const present = (token: string, more: Record<string, string> = {}) =>
      tokenRequest(app.origin, {
        grant_type: 'client_credentials',
        client_assertion_type: JWT_ASSERTION,
        client_assertion: token,
        ...more,
      });

    it('are what Entra authenticates with: a client_id of ours and a token of its own, again and again', async () => {
      const audience = 'api://b5ba7a93-4452-4522-aeb4-a2b5da870c16';
      const { clientId } = await trusted({ audience, jwksUri: `${server.origin}/keys`, direct: false });
      const token = await tokenFor(audience, { nbf: secondsOf(now), appid: 'x', oid: 'y', tid: 'z', ver: '2.0' });
      for (const _ of [1, 2]) {
        const { status, body } = await present(token, { client_id: clientId, scope: 'scim' });
        expect([status, body.token_type, body.expires_in, body.scope]).toEqual([200, 'Bearer', 3600, 'scim']);
        expect(await statusOf(String(body.access_token))).toBe(200);
      }
      // What is for the exchange alone is no bearer token.
      expect(await statusOf(token)).toBe(401);
    });

    it('may be shared by two tenants, told apart by the client_id', async () => {
      const audience = `api://${randomUUID()}`;
      const one = await trusted({ audience, direct: false });
      const two = await trusted({ audience, direct: false }, second.tenant.slug);
      const token = await tokenFor(audience);
      for (const [client, slug] of [
        [one, app.tenant.slug],
        [two, second.tenant.slug],
      ] as const) {
        const { body } = await present(token, { client_id: client.clientId });
        expect((await listing(String(body.access_token), slug)).status).toBe(200);
      }
      expect((await present(token)).status).toBe(401);
    });

    it('are taken without a client_id where the issuer and audience tell it', async () => {
      const { audience } = await trusted();
      expect((await present(await tokenFor(audience))).status).toBe(200);
    });

    it('are the assertion of the JWT bearer grant (RFC 7523 §2.1)', async () => {
      const { audience, clientId } = await trusted({ scopes: ['scim:read'] });
      const assertion = await tokenFor(audience);
      const { status, body } = await tokenRequest(app.origin, { grant_type: JWT_BEARER, assertion });
      expect([status, body.scope]).toEqual([200, 'scim:read']);
      const named = { grant_type: JWT_BEARER, assertion, client_id: clientId };
      expect((await tokenRequest(app.origin, named)).status).toBe(200);
      const wider = { grant_type: JWT_BEARER, assertion, scope: 'scim' };
      expect((await tokenRequest(app.origin, wider)).body.error).toBe('invalid_scope');
    });

    it('are refused for another client, under another key and with other claims', async () => {
      const [one, two] = [await trusted(), await trusted()];
      const token = await tokenFor(one.audience);
      const refusals = [
        await present(token, { client_id: two.clientId }),
        await present(await tokenFor(one.audience, { sub: 'x' }), { client_id: one.clientId }),
        await present(await tokenFor(one.audience, {}, {}, await foreignKey(key.kid)), { client_id: one.clientId }),
        await present(await tokenFor('api://other'), { client_id: one.clientId }),
      ];
      for (const { status, body } of refusals) expect([status, body.error]).toEqual([401, 'invalid_client']);
      const asGrant = { grant_type: JWT_BEARER, assertion: token, client_id: two.clientId };
      expect((await tokenRequest(app.origin, asGrant)).body.error).toBe('invalid_grant');
    });

    it('are refused with a client_id that is none, though they would do without (RFC 7521 §4.2)', async () => {
      const token = await tokenFor((await trusted()).audience);
      for (const client_id of ['null', 'workload']) {
        const { status, body } = await present(token, { client_id });
        expect([status, body.error]).toEqual([401, 'invalid_client']);
      }
      expect((await present(token)).status).toBe(200);
    });

    it('end what they were exchanged for when the issuer is removed', async () => {
      const { audience, clientId } = await trusted();
      const { body } = await present(await tokenFor(audience), { client_id: clientId });
      expect(await statusOf(String(body.access_token))).toBe(200);
      await admin('DELETE', `/tenants/${app.tenant.slug}/issuers/${clientId}`);
      expect(await statusOf(String(body.access_token))).toBe(401);
    });
  });

  describe('are checked with keys', () => {
    it('that discovery finds, once for many tokens', async () => {
      now = new Date(now.getTime() + 3_600_000);
      const { audience } = await trusted();
      for (const sub of ['workload', 'workload'])
        expect(await statusOf(await tokenFor(audience, { sub, jti: randomUUID() }))).toBe(200);
      expect(server.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
    });

    it('that are fetched again for a new one, and not more often than the pause allows', async () => {
      const { audience } = await trusted({ jwksUri: `${server.origin}/keys` });
      expect(await statusOf(await tokenFor(audience))).toBe(200);
      const next = await foreignKey('rotated');
      server.keys = [key.publicJwk, next.publicJwk];
      now = new Date(now.getTime() + 1000 * KEY_SET_PAUSE_SECONDS);
      expect(await statusOf(await tokenFor(audience, {}, {}, next))).toBe(200);
      server.requests = [];
      for (const kid of ['a', 'b', 'c']) {
        expect(await statusOf(await tokenFor(audience, {}, {}, { ...key, kid }))).toBe(401);
      }
      expect(server.requests).toEqual([]);
    });

    it('of which two may have one name', async () => {
      const { audience } = await trusted({ jwksUri: `${server.origin}/twins` });
      const twin = await foreignKey(key.kid);
      server.keys = [twin.publicJwk, key.publicJwk];
      expect(await statusOf(await tokenFor(audience))).toBe(200);
      expect(await statusOf(await tokenFor(audience, {}, {}, twin))).toBe(200);
      expect(await statusOf(await tokenFor(audience, {}, {}, await foreignKey(key.kid)))).toBe(401);
    });

    it.each<[string, KeyServer['answer']]>([
      ['a redirect', (_, response) => response.writeHead(302, { location: '/keys' }).end()],
      ['an error', (_, response) => response.writeHead(500).end()],
      ['no JSON', (_, response) => response.end('<html>')],
      ['no object', (_, response) => response.end('[]')],
      ['more than the limit', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300 * 1024)}"}`)],
    ])('and are answered 503 where there is %s instead of these', async (what, answer) => {
      const { audience } = await trusted({ jwksUri: `${server.origin}/${encodeURIComponent(what)}` });
      server.answer = answer;
      const { status, headers } = await listing(await tokenFor(audience));
      expect([status, headers.get('retry-after')]).toEqual([503, String(KEY_SET_PAUSE_SECONDS)]);
      expect(server.requests).toHaveLength(1);
      // No second try before the pause is over.
      await listing(await tokenFor(audience));
      expect(server.requests).toHaveLength(1);
    });

    it('and not with those of a discovery document that is another issuer’s', async () => {
      server.answer = (_, response) =>
        response.end(JSON.stringify({ issuer: 'https://other.example', jwks_uri: `${server.origin}/keys` }));
      const { audience } = await trusted({ issuer: `${server.origin}/a` });
      expect((await listing(await tokenFor(audience, { iss: `${server.origin}/a` }))).status).toBe(503);
    });

    it('and not with those at a host that is not listed, to which discovery leads', async () => {
      server.answer = (_, response) =>
        response.end(JSON.stringify({ issuer: `${server.origin}/b`, jwks_uri: 'https://169.254.169.254/keys' }));
      const { audience } = await trusted({ issuer: `${server.origin}/b` });
      expect((await listing(await tokenFor(audience, { iss: `${server.origin}/b` }))).status).toBe(503);
      expect(server.requests).toEqual(['/b/.well-known/openid-configuration']);
    });
  });

  describe('can not be trusted', () => {
    it.each<[string, object]>([
      ['without a claim', { claims: {} }],
      ['with a claim that is an object', { claims: { sub: { a: 1 } } }],
      ['with an empty claim', { claims: { sub: '' } }],
      ['without an audience', { audience: '' }],
      ['with an audience of more than one word', { audience: 'a b' }],
      ['with an audience that is too long', { audience: 'a'.repeat(601) }],
      ['at a host that is not listed', { issuer: 'https://login.microsoftonline.com/x/v2.0' }],
      ['with keys at a host that is not listed', { jwksUri: 'https://evil.example/keys' }],
      ['with keys that come in clear text', { jwksUri: 'http://idp.example/keys' }],
      ['with keys in a file', { jwksUri: 'file:///etc/passwd' }],
      ['with keys at no URL', { jwksUri: 'keys' }],
      ['with scopes for operators', { scopes: ['admin'] }],
      ['with other members', { jku: 'x' }],
    ])('%s', async (_, asked) => {
      const { status, body } = await trust(asked);
      expect([status, body.scimType]).toEqual([400, 'invalidValue']);
    });

    it('where there is no such user or tenant', async () => {
      expect((await trust({ user: 'nobody' })).status).toBe(404);
      expect((await trust({}, 'none')).status).toBe(404);
    });
  });

  it('are listed with their tenant alone', async () => {
    const { clientId } = await trusted({ label: 'listed' });
    const list = async (slug: string) => (await admin('GET', `/tenants/${slug}/issuers`)).body.issuers as JsonObject[];
    expect(await list(app.tenant.slug)).toContainEqual(
      expect.objectContaining({
        client_id: clientId,
        issuer: server.origin,
        label: 'listed',
        status: 'live',
        direct: true,
      }),
    );
    expect((await list(second.tenant.slug)).map((one) => one.client_id)).not.toContain(clientId);
    expect((await admin('DELETE', `/tenants/${second.tenant.slug}/issuers/${clientId}`)).status).toBe(404);
  });
});
