import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_CACHE_SECONDS } from '../../src/access/authenticate.ts';
import type { Context } from '../../src/directory/context.ts';
import { issueToken, type NewToken } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type NewTenant } from '../../src/directory/tenants.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { openStorage, rows, type Storage } from '../../src/storage/database.ts';
import { replay } from '../clients/replay.ts';
import { sequencesOf } from '../clients/sequences.ts';
import { send } from '../support/app.ts';
import { type Child, start } from '../support/child.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { type RoundRobin, roundRobin } from '../support/round-robin.ts';

const PROCESSES = 4;
const postgres = databases().find(({ name }) => name === 'postgres');
const traffic = [...(await sequencesOf('okta')), ...(await sequencesOf('entra'))];
const user = (userName: string) => ({ schemas: [USER_SCHEMA], userName });

describe.skipIf(postgres?.skip !== undefined)(`${PROCESSES} processes on one PostgreSQL`, () => {
  let database: { url: string; drop: () => Promise<void> } | undefined;
  let servers: Child[];
  let ports: number[];
  let front: RoundRobin;
  let storage: Storage;
  let context: Context;

  beforeAll(async () => {
    database = await emptyPostgres();
    const environment = { DATABASE_URL: database?.url ?? '', PORT: '0', POOL_SIZE: '5', LOG_LEVEL: 'error' };
    servers = Array.from({ length: PROCESSES }, () => start(['serve'], environment));
    ports = await Promise.all(
      servers.map(async (server) => Number((await server.prints(/serves http:\/\/localhost:(\d+)\//))[1])),
    );
    front = await roundRobin(ports);
    storage = await openStorage({ databaseUrl: database?.url ?? '', dataDir: 'memory:' });
    context = systemContext(storage.db);
  });
  afterAll(async () => {
    await front.close();
    for (const server of servers) server.process.kill('SIGTERM');
    await Promise.all(servers.map(({ ended }) => ended));
    await storage.close();
    await database?.drop();
  });

  async function tenantWithToken(slug: string, given: Omit<NewTenant, 'slug'> = {}, asked?: NewToken) {
    const tenant = await createTenant(context, COMMAND_LINE, { slug, profile: 'rfc', ...given });
    const { token, credential } = await issueToken(context, tenant, asked);
    const ask = (method: string, path: string, body?: JsonObject, origin = front.origin) =>
      send(`${origin}/scim/v2${path}`, method, token, body);
    return { tenant, token, credential, ask };
  }

  /** The origin of each process. */
  const each = () => ports.map((port) => `http://127.0.0.1:${port}`);

  it('migrate an empty database once', async () => {
    const applied = await rows<{ hash: string }>(storage.db, sql`select hash from drizzle.__drizzle_migrations`);
    expect(applied.length).toBeGreaterThan(0);
    expect(new Set(applied.map(({ hash }) => hash)).size).toBe(applied.length);
  });

  it.each(traffic)('serve %s as one, whichever of them gets the next request', async (name, sequence) => {
    const { token } = await tenantWithToken(name.replaceAll(/[^a-z0-9]/g, '-'), { grade: 'lenient' });
    await replay(sequence, { baseUrl: `${front.origin}/scim/v2`, token, profile: 'rfc' });
  });

  it('lose none of the PATCHes that change one group at once', async () => {
    const { ask } = await tenantWithToken('parallel');
    const group = await ask('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName: 'all' });
    const users = await Promise.all(Array.from({ length: 32 }, (_, n) => ask('POST', '/Users', user(`user-${n}`))));
    const ids = users.map(({ body }) => String(body.id));
    const patch = (Operation: JsonObject) =>
      ask('PATCH', `/Groups/${group.body.id}`, { schemas: [PATCH_OP], Operations: [Operation] });
    const members = async () => {
      const { body } = await ask('GET', `/Groups/${group.body.id}`);
      return ((body.members ?? []) as { value: string }[]).map(({ value }) => value).sort();
    };
    const added = await Promise.all(ids.map((value) => patch({ op: 'add', path: 'members', value: [{ value }] })));
    for (const { status, text } of added) expect(status, text).toBeLessThan(300);
    expect(await members()).toEqual(ids.toSorted());
    const gone = ids.filter((_, n) => n % 2 === 0);
    await Promise.all(gone.map((id) => patch({ op: 'remove', path: `members[value eq "${id}"]` })));
    expect(await members()).toEqual(ids.filter((_, n) => n % 2 === 1).sort());
  });

  it('give a name to one of those who ask for it at the same time', async () => {
    const { ask } = await tenantWithToken('twins');
    for (let n = 0; n < 8; n++) {
      const twins = await Promise.all(each().map((origin) => ask('POST', '/Users', user(`twin-${n}`), origin)));
      expect(twins.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    }
    expect((await ask('GET', '/Users')).body.totalResults).toBe(8);
  });

  it(`see what another has revoked, switched on or registered within ${CREDENTIAL_CACHE_SECONDS} seconds`, async () => {
    const { tenant, ask } = await tenantWithToken('changing');
    const revoked = await issueToken(context, tenant);
    const admin = (await issueToken(context, tenant, { scopes: ['admin'] })).token;
    const known = (token: string) => (origin: string) => send(`${origin}/scim/v2/Users`, 'GET', token);
    const all = async (asked: (origin: string) => Promise<{ status: number }>) =>
      (await Promise.all(each().map(asked))).map(({ status }) => status);
    const everywhere = (status: number) => each().map(() => status);
    expect(await all(known(revoked.token))).toEqual(everywhere(200));
    const roles = (origin: string) => ask('GET', '/Roles', undefined, origin);
    expect(await all(roles)).toEqual(everywhere(404));
    const devices = (origin: string) => ask('GET', '/Devices', undefined, origin);
    expect(await all(devices)).toEqual(everywhere(404));

    const [first = '', ...others] = each();
    const change = (method: string, path: string, body?: JsonObject) =>
      send(`${first}/admin/tenants/${tenant.slug}/${path}`, method, admin, body);
    const changed = [
      await change('DELETE', `tokens/${revoked.credential.prefix}`),
      await change('PUT', 'features/roles-and-entitlements'),
      await change('POST', 'resource-types', { builtin: 'Device' }),
    ];
    for (const { status, text } of changed) expect(status, text).toBeLessThan(300);
    // At once where it was changed, and a moment later elsewhere.
    expect((await known(revoked.token)(first)).status).toBe(401);
    expect((await roles(first)).status).toBe(200);
    expect((await devices(first)).status).toBe(200);
    expect(others).toHaveLength(PROCESSES - 1);
    await new Promise((resolve) => setTimeout(resolve, CREDENTIAL_CACHE_SECONDS * 1000));
    expect(await all(known(revoked.token))).toEqual(everywhere(401));
    expect(await all(roles)).toEqual(everywhere(200));
    expect(await all(devices)).toEqual(everywhere(200));
  });

  it('share the limit of a tenant', async () => {
    const PER_SECOND = 5;
    const { tenant, ask } = await tenantWithToken('limited');
    const admin = (await issueToken(context, tenant, { scopes: ['admin'] })).token;
    const path = `/admin/tenants/${tenant.slug}/rate-limit`;
    const limited = await send(`${front.origin}${path}`, 'PUT', admin, { perSecond: PER_SECOND });
    expect(limited.status, limited.text).toBe(200);
    const second = async () => {
      const [now] = await rows<{ s: number }>(
        storage.db,
        sql`select floor(extract(epoch from clock_timestamp()))::int as s`,
      );
      return now?.s ?? 0;
    };
    const began = await second();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('GET', '/Users?count=1')));
    const seconds = (await second()) - began + 1;
    const letIn = answers.filter(({ status }) => status === 200).length;
    expect(letIn).toBeGreaterThan(0);
    expect(letIn).toBeLessThanOrEqual(PER_SECOND * seconds);
    for (const { status } of answers) expect([200, 429]).toContain(status);
  });
});
