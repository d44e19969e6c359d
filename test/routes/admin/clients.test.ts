import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_LIVE_SECRETS, MAX_SECRET_LIFE_DAYS, SECRET_LIFE_DAYS } from '../../../src/directory/client-secrets.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { listSigningKeys } from '../../../src/storage/signing-keys.ts';
import { send, startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { tokenRequest } from '../../support/oauth.ts';
import { type Statements, watchStatements } from '../../support/statements.ts';
import { withoutTenant } from '../../support/tenant-predicate.ts';
import { adminOf, type Send } from './admin.ts';

const DAY_MS = 86_400_000;

describeEachDatabase('/admin/tenants/{slug}/clients', (open) => {
  const now = new Date();
  let app: TestApp;
  let admin: Send;
  let path: string;
  let statements: Statements;
  beforeAll(async () => {
    const storage = await open();
    const oauth = { signingKeySecret: 'a secret of thirty-two characters' };
    app = await startApp({ storage, context: { clock: () => now }, oauth });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}/clients`;
    statements = watchStatements(storage);
  });
  afterAll(() => app.close());
  const create = async (asked: object = {}) => {
    const { status, body } = await admin('POST', path, asked);
    expect(status).toBe(201);
    return { client: body.client as { client_id: string; prefix: string; secrets: JsonObject[] }, body };
  };
  const tokenOf = async (clientId: string, secret: unknown) => {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: String(secret) };
    return String((await tokenRequest(app.origin, form)).body.access_token);
  };
  const days = (count: number) => new Date(now.getTime() + count * DAY_MS).toISOString();

  it('registers a client, and shows its secret this once', async () => {
    const { status, headers, body } = await admin('POST', path, { label: 'Entra', scopes: ['scim:read'] });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.client_secret).toMatch(/^rcs\.[a-z0-9]{8}\.[A-Za-z0-9_-]{43}$/);
    expect(body.client).toMatchObject({
      client_id: expect.stringMatching(/^rc\.[A-Za-z0-9_-]{22}\.[a-z0-9]{8}$/),
      scopes: ['scim:read'],
      label: 'Entra',
      user: null,
      status: 'live',
      secrets: [{ status: 'live', expiresAt: days(SECRET_LIFE_DAYS), lastUsedAt: null }],
      lastUsedAt: null,
    });
    const listed = await admin('GET', path);
    expect(listed.body.clients).toContainEqual(body.client);
    expect(listed.text).not.toContain(String(body.client_secret).split('.')[2]);
  });

  it('tells when a client and its secret were last used', async () => {
    const { client, body } = await create();
    const token = await tokenOf(client.client_id, body.client_secret);
    expect((await send(`${app.url}/Users`, 'GET', token)).status).toBe(200);
    const { clients } = (await admin('GET', path)).body as { clients: JsonObject[] };
    const shown = clients.find((one) => one.client_id === client.client_id);
    expect(shown).toMatchObject({ lastUsedAt: now.toISOString(), secrets: [{ lastUsedAt: now.toISOString() }] });
  });

  it(`lets ${MAX_LIVE_SECRETS} secrets be good at a time`, async () => {
    const { client } = await create();
    const secrets = `${path}/${client.prefix}/secrets`;
    const added: JsonObject[] = [];
    while (added.length < MAX_LIVE_SECRETS - 1) {
      const { status, headers, body } = await admin('POST', secrets);
      expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
      added.push(body);
    }
    expect((await admin('POST', secrets)).status).toBe(400);
    const [first] = added.map(({ secret }) => (secret as JsonObject).prefix);
    expect((await admin('DELETE', `${secrets}/${first}`)).status).toBe(204);
    expect((await admin('POST', secrets, { expiresAt: days(1) })).status).toBe(201);
  });

  it(`lets a secret be good for ${MAX_SECRET_LIFE_DAYS} days at most`, async () => {
    expect((await create({ secretExpiresAt: days(MAX_SECRET_LIFE_DAYS) })).client.secrets).toHaveLength(1);
    const late = new Date(now.getTime() + MAX_SECRET_LIFE_DAYS * DAY_MS + 1).toISOString();
    expect((await admin('POST', path, { secretExpiresAt: late })).status).toBe(400);
    expect((await admin('POST', path, { secretExpiresAt: days(0) })).status).toBe(400);
  });

  it.each<[string, object]>([
    ['a scope that there is not', { scopes: ['openid'] }],
    ['no scope', { scopes: [] }],
    ['keys that are none', { jwks: { keys: [] } }],
    ['keys in text', { jwks: 'x' }],
    ['keys in two places', { jwks: { keys: [] }, jwksUri: 'https://idp.example/keys' }],
    ['keys at a host that is not listed', { jwksUri: 'https://idp.example/keys' }],
    ['a label that is too long', { label: 'x'.repeat(201) }],
    ['a secret of its own choice', { client_secret: 'x' }],
  ])('refuses %s', async (_, asked) => {
    expect((await admin('POST', path, asked)).status).toBe(400);
  });

  it('has no clients where nothing takes bearer tokens', async () => {
    const { tenant } = await app.addTenant({ profile: 'modzy' });
    expect((await admin('POST', `/tenants/${tenant.slug}/clients`, {})).status).toBe(400);
  });

  it('finds only clients of the tenant, and secrets of the client', async () => {
    const elsewhere = await app.addTenant();
    const { client } = await create();
    const { client: other } = await create();
    const secret = String(other.secrets[0]?.prefix);
    for (const [method, below] of [
      ['DELETE', `/tenants/${elsewhere.tenant.slug}/clients/${client.client_id}`],
      ['DELETE', `/tenants/${elsewhere.tenant.slug}/clients/${client.prefix}`],
      ['POST', `/tenants/${elsewhere.tenant.slug}/clients/${client.prefix}/secrets`],
      ['DELETE', `${path}/nosuchid`],
      ['DELETE', `${path}/%00`],
      ['DELETE', `${path}/${client.prefix}/secrets/${secret}`],
      ['DELETE', `${path}/${client.prefix}/secrets/%00`],
      ['POST', '/tenants/none/clients'],
    ] as const) {
      expect([below, (await admin(method, below)).status]).toEqual([below, 404]);
    }
  });

  describe('an access token', () => {
    it('is checked without a look into the database, which is asked once in a while whether it still holds', async () => {
      const { client, body } = await create();
      const token = await tokenOf(client.client_id, body.client_secret);
      const get = async () => {
        statements.taken();
        expect((await send(`${app.url}/Users?count=0`, 'GET', token)).status).toBe(200);
        return statements.taken();
      };
      const [first, second] = [await get(), await get()];
      expect(first.filter((text) => text.includes('oauth_clients'))).toHaveLength(1);
      expect(second.filter((text) => /oauth|signing_keys|credentials|tenants/.test(text))).toEqual([]);
      // A second token of a key that is known: its signature needs nothing more.
      const next = await tokenOf(client.client_id, body.client_secret);
      statements.taken();
      expect((await send(`${app.url}/Users?count=0`, 'GET', next)).status).toBe(200);
      expect(statements.taken().filter((text) => text.includes('signing_keys'))).toEqual([]);
    });

    it('that is forged costs no statement at all', async () => {
      const { client, body } = await create();
      const token = await tokenOf(client.client_id, body.client_secret);
      statements.taken();
      expect((await send(`${app.url}/Users`, 'GET', `${token.slice(0, -4)}AAAA`)).status).toBe(401);
      expect(statements.taken()).toEqual([]);
    });

    it('is given and used by statements that name the tenant', async () => {
      statements.taken();
      const { client, body } = await create();
      const token = await tokenOf(client.client_id, body.client_secret);
      await send(`${app.url}/Users?count=0`, 'GET', token);
      await admin('POST', `${path}/${client.prefix}/secrets`);
      await admin('GET', path);
      await admin('DELETE', `${path}/${client.prefix}`);
      const taken = statements.taken().filter((text) => text.includes('oauth_'));
      expect(taken.length).toBeGreaterThan(8);
      expect(taken.flatMap((text) => withoutTenant(text).map((place) => `${place} in ${text}`))).toEqual([]);
    });

    it('is signed by a key that is sealed in the database', async () => {
      await admin('POST', '/signing-keys/rotate', { atOnce: true });
      for (const { privateJwk } of await listSigningKeys(app.context.db, now)) {
        expect(privateJwk).toMatch(/^sealed\.1:/);
      }
      const { body } = await admin('GET', '/signing-keys');
      expect(Object.keys((body.keys as JsonObject[])[0] ?? {}).sort()).toEqual([
        'createdAt',
        'kid',
        'retiresAt',
        'signsFrom',
      ]);
    });
  });
});
