import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_ASSERTION } from '../../src/access/oauth/presented-client.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
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

const DAY_MS = 86_400_000;

describe('what others demand of access tokens', () => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  let idp: KeyServer;
  let key: ForeignKey;
  beforeAll(async () => {
    key = await foreignKey('idp', 'RS256');
    idp = await startKeyServer([key.publicJwk]);
    app = await startEmbeddedApp({ profile: 'rfc', grade: 'interop', oauth: { privateHosts: idp.host } });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}`;
  });
  afterAll(async () => {
    await app.close();
    await idp.close();
  });
  const assertion = (client_id: string, client_assertion: string) =>
    tokenRequest(app.origin, {
      grant_type: 'client_credentials',
      client_id,
      client_assertion_type: JWT_ASSERTION,
      client_assertion,
      scope: 'scim',
    });

  describe('by Entra, for its gallery: ', () => {
    it('a token for a client_id and a secret in the form, for one to six hours', async () => {
      const { body } = await admin('POST', `${path}/clients`);
      const form = {
        grant_type: 'client_credentials',
        client_id: String((body.client as JsonObject).client_id),
        client_secret: String(body.client_secret),
      };
      for (const seconds of [null, 3600, 21_600]) {
        await admin('PUT', `${path}/token-life`, { seconds });
        const granted = await tokenRequest(app.origin, form);
        expect(granted.body).toMatchObject({ access_token: expect.any(String), expires_in: seconds ?? 3600 });
        // What its validation sends next.
        const list = await send(`${app.url}/Users?startIndex=1&count=1`, 'GET', String(granted.body.access_token));
        expect(list.status).toBe(200);
      }
    });

    it('several secrets at a time, each for one to three years', async () => {
      const { body } = await admin('POST', `${path}/clients`);
      const { client_id: id, secrets } = body.client as { client_id: string; secrets: JsonObject[] };
      const life = Date.parse(String(secrets[0]?.expiresAt)) - Date.now();
      expect(life).toBeGreaterThan(365 * DAY_MS);
      expect(life).toBeLessThan(3 * 365 * DAY_MS);
      for (const years of [1, 3]) {
        const expiresAt = new Date(Date.now() + years * 365 * DAY_MS).toISOString();
        expect((await admin('POST', `${path}/clients/${id}/secrets`, { expiresAt })).status).toBe(201);
      }
    });

    it('a token for a token of Entra, which has neither a jti nor our audience, with what its portal shows alone', async () => {
      const audience = 'api://b5ba7a93-4452-4522-aeb4-a2b5da870c16';
      const issuer = 'https://login.microsoftonline.com/ce5f061f-abe6-4e40-9615-301f87bcb7f0/v2.0';
      const { body } = await admin('POST', `${path}/issuers`, {
        issuer,
        audience,
        jwksUri: `${idp.origin}/discovery/v2.0/keys`,
        claims: { sub: 'd2f8ee76-c549-45b8-a143-f5b640669704' },
        direct: false,
      });
      const now = secondsOf(new Date());
      const token = await signed(key, {
        aud: audience,
        iss: issuer,
        iat: now,
        nbf: now,
        exp: now + 3900,
        appid: 'b5ba7a93-4452-4522-aeb4-a2b5da870c16',
        appidacr: '2',
        sub: 'd2f8ee76-c549-45b8-a143-f5b640669704',
        tid: 'ce5f061f-abe6-4e40-9615-301f87bcb7f0',
        ver: '2.0',
      });
      const granted = await assertion(String((body.issuer as JsonObject).client_id), token);
      expect(granted.body).toMatchObject({ token_type: 'Bearer', scope: 'scim' });
    });
  });

  describe('by the IPSIE AL SCIM profile: ', () => {
    it('client credentials by a signed assertion under published keys, a token of the scope scim and nothing more', async () => {
      const { body } = await admin('POST', `${path}/clients`, { jwksUri: `${idp.origin}/keys` });
      const id = String((body.client as JsonObject).client_id);
      const { body: metadata } = await send(`${app.origin}/.well-known/oauth-authorization-server`, 'GET', undefined);
      const now = secondsOf(new Date());
      const claims = { iss: id, sub: id, aud: metadata.token_endpoint, jti: randomUUID(), iat: now, exp: now + 60 };
      const granted = await assertion(id, await signed(key, claims));
      const token = String(granted.body.access_token);
      expect([granted.body.scope, decodeJwt(token).scope]).toEqual(['scim', 'scim']);
      expect(decodeJwt(token).exp).toBeGreaterThan(now);
      expect((await send(`${app.url}/Users`, 'GET', token)).status).toBe(200);
    });

    it('metadata with a token_endpoint (RFC 8414)', async () => {
      const { body } = await send(`${app.origin}/.well-known/oauth-authorization-server`, 'GET', undefined);
      expect(body.token_endpoint).toBe(`${app.origin}/oauth/token`);
      expect(body.token_endpoint_auth_methods_supported).toContain('private_key_jwt');
    });
  });
});
