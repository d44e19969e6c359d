import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_JWT_LENGTH } from '../../src/access/oauth/access-token.ts';
import { MAX_ASSERTION_LIFE_SECONDS, MAX_JTI_LENGTH } from '../../src/access/oauth/client-authentication.ts';
import { FAILURE_WINDOW_SECONDS } from '../../src/access/oauth/failure-limit.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/access/oauth/foreign-jwt.ts';
import { JWT_ASSERTION } from '../../src/access/oauth/presented-client.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
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

type Claims = Readonly<Record<string, unknown>>;

const ISSUER = 'https://scim.example';
const AUDIENCE = `${ISSUER}/oauth/token`;

describeEachDatabase('a client that signs assertions', (open) => {
  let now = new Date();
  let app: TestApp;
  let other: TestApp;
  let admin: Send;
  let server: KeyServer;
  let key: ForeignKey;
  let clientId: string;
  beforeAll(async () => {
    const storage = await open();
    key = await foreignKey('one');
    server = await startKeyServer([key.publicJwk]);
    const options = { storage, publicUrl: ISSUER, context: { clock: () => now }, oauth: { privateHosts: server.host } };
    app = await startApp(options);
    other = await startApp(options);
    admin = await adminOf(app);
    clientId = await newClient({ jwks: { keys: [key.publicJwk as JsonObject] } });
  });
  afterAll(async () => {
    await app.close();
    await other.close();
    await server.close();
  });

  // Failures of the test before count no more.
  beforeEach(() => {
    now = new Date(now.getTime() + 1000 * FAILURE_WINDOW_SECONDS);
  });

  async function newClient(asked: JsonObject): Promise<string> {
    const { status, body, text } = await admin('POST', `/tenants/${app.tenant.slug}/clients`, asked);
    expect(status, text).toBe(201);
    expect(body.client_secret).toBeUndefined();
    return String((body.client as JsonObject).client_id);
  }
  const claimsOf = (id: string): JWTPayload => ({
    iss: id,
    sub: id,
    aud: AUDIENCE,
    jti: randomUUID(),
    iat: secondsOf(now),
    exp: secondsOf(now) + 300,
  });
  const present = (assertion: string, on: TestApp = app, more: Record<string, string> = {}) =>
    tokenRequest(on.origin, {
      grant_type: 'client_credentials',
      client_assertion_type: JWT_ASSERTION,
      client_assertion: assertion,
      ...more,
    });
  const expectRefused = async (assertion: string, more: Record<string, string> = {}) => {
    const { status, body } = await present(assertion, app, more);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  };

  it('gets a token, with and without its client_id beside the assertion', async () => {
    for (const more of [{}, { client_id: clientId }]) {
      const { status, body } = await present(await signed(key, claimsOf(clientId)), app, more);
      expect([status, body.scope]).toEqual([200, 'scim']);
      expect((await send(`${app.url}/Users`, 'GET', String(body.access_token))).status).toBe(200);
    }
  });

  it.each([
    ['the token endpoint', AUDIENCE],
    ['the issuer', ISSUER],
    ['both', [ISSUER, AUDIENCE]],
  ])('may address %s', async (_, aud) => {
    expect((await present(await signed(key, { ...claimsOf(clientId), aud }))).status).toBe(200);
  });

  it('is not taken with an assertion a second time, by whatever process, until that has expired', async () => {
    const assertion = await signed(key, claimsOf(clientId));
    expect((await present(assertion, other)).status).toBe(200);
    await expectRefused(assertion);
    now = new Date(now.getTime() + (300 + CLOCK_TOLERANCE_SECONDS - 1) * 1000);
    await expectRefused(assertion);
    now = new Date(now.getTime() + 2000);
    await expectRefused(assertion);
  });

  it('is taken once of many at a time', async () => {
    const assertion = await signed(key, claimsOf(clientId));
    const answers = await Promise.all([app, other, app, other].map((on) => present(assertion, on)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  const skew = CLOCK_TOLERANCE_SECONDS;
  it.each<[string, number, number, number]>([
    ['expires in an hour', MAX_ASSERTION_LIFE_SECONDS + skew, 0, 0],
    ['expired within the tolerance', 1 - skew, 0, 0],
    ['was made within the tolerance of the future', 300, skew, 0],
    ['holds from within the tolerance of the future', 300, 0, skew],
  ])('may send one that %s', async (_, exp, iat, nbf) => {
    const at = secondsOf(now);
    const claims = { ...claimsOf(clientId), exp: at + exp, iat: at + iat, nbf: at + nbf };
    expect((await present(await signed(key, claims))).status).toBe(200);
  });

  it.each<[string, Claims]>([
    ['lives too long', { exp: MAX_ASSERTION_LIFE_SECONDS + skew + 2 }],
    ['has expired', { exp: -skew - 1 }],
    ['comes from the future', { exp: 300, iat: skew + 2 }],
    ['does not hold yet', { exp: 300, nbf: skew + 2 }],
    ['was made too long ago', { exp: 300, iat: -MAX_ASSERTION_LIFE_SECONDS - skew - 2 }],
  ])('may not send one that %s', async (_, times) => {
    const at = Math.ceil(now.getTime() / 1000);
    const shifted = Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, at + Number(seconds)]));
    await expectRefused(await signed(key, { ...claimsOf(clientId), ...shifted }));
  });

  it.each<[string, Claims]>([
    ['for somebody else', { aud: 'https://other.example/token' }],
    ['for somebody else too', { aud: [AUDIENCE, 'https://other.example/token'] }],
    ['for nobody', { aud: [] }],
    ['of another issuer', { iss: 'https://idp.example' }],
    ['without an expiry', { exp: undefined }],
    ['without a jti', { jti: undefined }],
    ['with an empty jti', { jti: '' }],
    ['with a jti that is too long', { jti: 'x'.repeat(MAX_JTI_LENGTH + 1) }],
    ['with a jti that is no text', { jti: 7 }],
    ['of another subject', { sub: 'x' }],
  ])('may not send one %s', async (_, claims) => {
    await expectRefused(await signed(key, { ...claimsOf(clientId), ...claims }), { client_id: clientId });
  });

  it('may have a jti as long as the limit', async () => {
    expect((await present(await signed(key, { ...claimsOf(clientId), jti: 'x'.repeat(MAX_JTI_LENGTH) }))).status).toBe(
      200,
    );
  });

  it('is not believed under another key, an unknown name of a key, or as another type of JWT', async () => {
    const stranger = await foreignKey(key.kid);
    await expectRefused(await signed(stranger, claimsOf(clientId)));
    await expectRefused(await signed({ ...key, kid: 'two' }, claimsOf(clientId)));
    await expectRefused(await signed(key, claimsOf(clientId), { typ: 'secevent+jwt' }));
    await expectRefused(await signed(stranger, claimsOf(clientId), { jwk: stranger.publicJwk as JsonObject }));
  });

  it('is not another client that has the same key', async () => {
    const twin = await newClient({ jwks: { keys: [key.publicJwk as JsonObject] } });
    await expectRefused(await signed(key, claimsOf(clientId)), { client_id: twin });
    await expectRefused(await signed(key, { ...claimsOf(clientId), sub: twin }), { client_id: twin });
  });

  it('gets the same answer as one that there is not', async () => {
    const unknown = `${clientId.slice(0, -8)}zzzzzzzz`;
    const one = await present(await signed(key, claimsOf(unknown)));
    const two = await present(await signed(await foreignKey(key.kid), claimsOf(clientId)));
    expect([one.status, one.text]).toEqual([two.status, two.text]);
    expect(one.status).toBe(401);
  });

  it('is refused a huge assertion before anything of it is looked at', async () => {
    const assertion = await signed(key, { ...claimsOf(clientId), pad: 'x'.repeat(MAX_JWT_LENGTH) });
    await expectRefused(assertion, { client_id: clientId });
  });

  it('has no secret, neither at first nor later', async () => {
    const path = `/tenants/${app.tenant.slug}/clients/${clientId}/secrets`;
    expect((await admin('POST', path)).status).toBe(400);
  });

  describe('with published keys', () => {
    it('has them fetched once, and again when it signs under a new one', async () => {
      const published = await newClient({ jwksUri: `${server.origin}/keys` });
      server.requests = [];
      for (const _ of [1, 2]) expect((await present(await signed(key, claimsOf(published)))).status).toBe(200);
      expect(server.requests).toEqual(['/keys']);
      const next = await foreignKey('next');
      server.keys = [next.publicJwk];
      now = new Date(now.getTime() + 31_000);
      expect((await present(await signed(next, claimsOf(published)))).status).toBe(200);
      expect(server.requests).toHaveLength(2);
    });

    it('is told that they can not be had, and when to come again', async () => {
      server.answer = (_, response) => response.writeHead(500).end();
      const published = await newClient({ jwksUri: `${server.origin}/broken` });
      const { status, headers, body } = await present(await signed(key, claimsOf(published)));
      server.answer = undefined;
      expect([status, body.error, headers.get('retry-after')]).toEqual([503, 'temporarily_unavailable', '30']);
    });
  });
});
