import { createHmac } from 'node:crypto';
import { type CryptoKey, exportSPKI, importJWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_JWT_LENGTH } from '../../src/access/oauth/access-token.ts';
import { clientIdText } from '../../src/access/oauth/client-id.ts';
import { createHostRules } from '../../src/access/oauth/host-rules.ts';
import { createClient } from '../../src/directory/clients.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { Storage } from '../../src/storage/database.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import {
  basic,
  type ForeignKey,
  foreignKey,
  type KeyServer,
  secondsOf,
  serverKey,
  signed,
  startKeyServer,
  tokenRequest,
} from '../support/oauth.ts';

type Claims = Readonly<Record<string, unknown>>;

const ISSUER = 'https://scim.example';

describeEachDatabase('a forged access token', (open) => {
  let storage: Storage;
  let app: TestApp;
  let stranger: ForeignKey;
  let evil: KeyServer;
  let genuine: ForeignKey;
  let token: string;
  let claims: JWTPayload;
  beforeAll(async () => {
    storage = await open();
    stranger = await foreignKey('stranger', 'RS256');
    evil = await startKeyServer([stranger.publicJwk]);
    app = await startApp({ storage, publicUrl: ISSUER, oauth: { privateHosts: evil.host } });
    const { client, secret } = await createClient(app.context, COMMAND_LINE, createHostRules(), app.tenant);
    const { body } = await tokenRequest(
      app.origin,
      { grant_type: 'client_credentials' },
      basic(clientIdText(client), String(secret)),
    );
    token = String(body.access_token);
    genuine = await serverKey(storage);
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload;
  });
  afterAll(async () => {
    await app.close();
    await evil.close();
  });

  const statusOf = async (text: string) => (await send(`${app.url}/Users`, 'GET', text)).status;
  /** A token under the server's own key, so that nothing but what is changed can be wrong with it. */
  const forged = (changes: Claims, header: JsonObject = {}) =>
    signed(genuine, { ...claims, ...changes }, { typ: 'at+jwt', ...header });
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is the only thing that is refused here: what these tests make is taken where nothing is changed', async () => {
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(await forged({}))).toBe(200);
  });

  it.each(['none', 'None', 'NONE', ''])('without a signature, as "alg": %j, is refused', async (alg) => {
    const unsigned = `${encoded({ alg, typ: 'at+jwt', kid: genuine.kid })}.${encoded(claims)}.`;
    expect(await statusOf(unsigned)).toBe(401);
    expect(await statusOf(`${unsigned}${token.split('.')[2]}`)).toBe(401);
  });

  it.each(['HS256', 'HS512'])('under %s with the public key as the secret is refused', async (alg) => {
    const publicKey = (await importJWK(genuine.publicJwk, 'RS256', { extractable: true })) as CryptoKey;
    const secrets = [
      await exportSPKI(publicKey),
      `${await exportSPKI(publicKey)}\n`,
      JSON.stringify(genuine.publicJwk),
    ];
    const text = `${encoded({ alg, typ: 'at+jwt', kid: genuine.kid })}.${encoded(claims)}`;
    for (const secret of secrets) {
      const mac = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
        .update(text)
        .digest('base64url');
      expect(await statusOf(`${text}.${mac}`)).toBe(401);
    }
  });

  it.each<[string, Claims]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of almost the issuer', { iss: `${ISSUER}/` }],
    ['for another audience', { aud: 'https://other.example' }],
    ['for no audience', { aud: undefined }],
    ['that has expired', { exp: secondsOf(new Date()) - 1 }],
    ['that never expires', { exp: undefined }],
    ['whose expiry is text', { exp: '9999999999' }],
    ['that does not hold yet', { nbf: secondsOf(new Date()) + 3600 }],
    ['without a time', { iat: undefined }],
    ['without a jti', { jti: undefined }],
    ['without a client', { client_id: undefined }],
    ['of a subject that is not its client', { sub: 'rc.AAAAAAAAAAAAAAAAAAAAAA.aaaaaaaa' }],
    [
      'of a client that there is not',
      { sub: 'rc.AAAAAAAAAAAAAAAAAAAAAA.aaaaaaaa', client_id: 'rc.AAAAAAAAAAAAAAAAAAAAAA.aaaaaaaa' },
    ],
    ['of a client in another spelling', { sub: 'RC.x', client_id: 'RC.x' }],
    ['without a scope', { scope: undefined }],
    ['with scopes that are no text', { scope: ['scim'] }],
    ['of a secret that there is not', { secret: 'zzzzzzzz' }],
    ['of a secret that can not be', { secret: '' }],
  ])('%s is refused', async (_, changes) => {
    expect(await statusOf(await forged(changes))).toBe(401);
  });

  it('of a client of another tenant is not that of this one', async () => {
    const elsewhere = await app.addTenant();
    const { tenantId, prefix } = { tenantId: elsewhere.tenant.id, prefix: String(claims.sub).slice(-8) };
    const moved = clientIdText({ tenantId, prefix });
    expect(await statusOf(await forged({ sub: moved, client_id: moved }))).toBe(401);
  });

  it('with scopes that the client lacks has none of them', async () => {
    const wider = await forged({ scope: 'scim admin user:write' });
    expect((await send(`${app.origin}/admin/tenants`, 'GET', wider)).status).toBe(403);
    expect(await statusOf(wider)).toBe(200);
  });

  it.each(['JWT', 'id+jwt', 'secevent+jwt', undefined])('of the type %j is refused', async (typ) => {
    const header = typ === undefined ? {} : { typ };
    expect(await statusOf(await signed(genuine, claims, header))).toBe(401);
  });

  it.each([
    'x',
    '',
    '../../../../dev/null',
    "' or 1=1 --",
    '/proc/self/environ',
    'https://evil.example/keys',
    '__proto__',
    'constructor',
    '\u0000',
    'x'.repeat(4000),
  ])('under a key of the name %j is refused', async (kid) => {
    expect(await statusOf(await signed({ ...stranger, kid }, claims, { typ: 'at+jwt' }))).toBe(401);
    expect(await statusOf(await signed({ ...genuine, kid }, claims, { typ: 'at+jwt' }))).toBe(401);
  });

  it('under a key of its own, with the name of the server’s, is refused', async () => {
    expect(await statusOf(await signed({ ...stranger, kid: genuine.kid }, claims, { typ: 'at+jwt' }))).toBe(401);
  });

  it('that brings its key along, or says where it is, is refused, and nothing is fetched', async () => {
    evil.requests = [];
    const jku = `${evil.origin}/keys`;
    for (const header of [
      { jwk: stranger.publicJwk },
      { jku },
      { x5u: jku },
      { jku, kid: genuine.kid },
      { x5c: ['x'] },
    ]) {
      expect(await statusOf(await signed(stranger, claims, { typ: 'at+jwt', ...(header as JsonObject) }))).toBe(401);
    }
    expect(evil.requests).toEqual([]);
  });

  it('with a critical header that is not known is refused', async () => {
    const text = `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: genuine.kid, crit: ['x'], x: 1 })}.${encoded(claims)}`;
    expect(await statusOf(`${text}.${token.split('.')[2]}`)).toBe(401);
  });

  it('whose text was changed is refused', async () => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    for (const text of [
      `${header}.${encoded({ ...claims, scope: 'scim admin' })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${token}.${signature}`,
      `${header}.${encoded([])}.${signature}`,
      `${header}.bm8ganNvbg.${signature}`,
    ]) {
      expect(await statusOf(text)).toBe(401);
    }
  });

  it('that is huge is refused without being looked at, and one of the longest length is looked at', async () => {
    const long = await forged({ pad: 'x'.repeat(MAX_JWT_LENGTH) });
    expect(await statusOf(long)).toBe(401);
    const rest = (await forged({ pad: '' })).length;
    let pad = Math.floor(((MAX_JWT_LENGTH - rest) * 3) / 4);
    let text = await forged({ pad: 'x'.repeat(pad) });
    while (text.length > MAX_JWT_LENGTH) text = await forged({ pad: 'x'.repeat(--pad) });
    expect(await statusOf(text)).toBe(200);
  });
});
