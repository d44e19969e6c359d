import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticate.ts';
import { createHostRules } from '../../src/access/oauth/host-rules.ts';
import { SCIM_SURFACE } from '../../src/access/surfaces.ts';
import { addSecret } from '../../src/directory/client-secrets.ts';
import { createClient, revokeClient } from '../../src/directory/clients.ts';
import type { Context } from '../../src/directory/context.ts';
import {
  issueToken,
  listCredentials,
  MAX_ALLOWED_IPS,
  type NewToken,
  replaceToken,
  revokeCredential,
} from '../../src/directory/credentials.ts';
import { EXPIRY_WARNING_DAYS, expiringCredentials, newlyExpiring } from '../../src/directory/expiring.ts';
import { changeKeyRoles } from '../../src/directory/key-roles.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS, rotateToken } from '../../src/directory/rotate.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type Tenant } from '../../src/directory/tenants.ts';
import { describeEachDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;

describeEachDatabase('the life of a credential', (open) => {
  let context: Context;
  let tenant: Tenant;
  let now = Date.UTC(2026, 5, 1);
  const after = (days: number) => new Date(now + days * DAY_MS).toISOString();
  beforeAll(async () => {
    context = { ...systemContext((await open()).db), clock: () => new Date(now) };
    tenant = await createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}` });
  });
  const issue = (asked: NewToken = {}) => issueToken(context, tenant, asked);
  const rotate = (name: string, rotation = {}) => rotateToken(context, COMMAND_LINE, tenant, name, rotation);
  const works = (token: string, address = '127.0.0.1') =>
    createAuthenticator(context.db, context.clock)
      .authenticate(`Bearer ${token}`, SCIM_SURFACE, address)
      .then(() => true)
      .catch(({ status }: { status: number }) => status);

  it('goes on in a successor, and for the overlap both work', async () => {
    const old = await issue({ scopes: ['scim:read'], label: 'Okta', allowedIps: ['127.0.0.0/8'] });
    const next = await rotate(old.credential.prefix);
    expect(next.credential).toMatchObject({ scopes: ['scim:read'], label: 'Okta', allowedIps: ['127.0.0.0/8'] });
    expect(next.credential.prefix).not.toBe(old.credential.prefix);
    expect([await works(old.token), await works(next.token)]).toEqual([true, true]);
    now += DEFAULT_OVERLAP_SECONDS * 1000 - 1;
    expect(await works(old.token)).toBe(true);
    now += 1;
    expect([await works(old.token), await works(next.token)]).toEqual([401, true]);
  });

  it('is as long as it was, unless another end is asked for', async () => {
    const old = await issue({ expiresAt: after(30) });
    now += 10 * DAY_MS;
    const next = await rotate(old.credential.id, { overlapSeconds: 0 });
    expect(next.credential.expiresAt?.toISOString()).toBe(after(30));
    const last = await rotate(next.credential.id, { expiresAt: after(5) });
    expect(last.credential.expiresAt?.toISOString()).toBe(after(5));
  });

  it('ends no later than an instant can be written', async () => {
    const old = await issue({ expiresAt: '9999-12-31T23:59:59Z' });
    now += DAY_MS;
    const { credential, token } = await rotate(old.credential.id);
    expect(credential.expiresAt?.toISOString()).toBe('9999-12-31T23:59:59.999Z');
    now += DAY_MS;
    const last = await rotate(credential.id);
    expect(last.credential.expiresAt?.toISOString()).toBe('9999-12-31T23:59:59.999Z');
    expect([await works(token), await works(last.token)]).toEqual([true, true]);
    const listed = await listCredentials(context, tenant);
    expect(listed.map(({ expiresAt }) => expiresAt?.getTime())).toContain(last.credential.expiresAt?.getTime());
  });

  it('is never prolonged by an overlap that would outlast it', async () => {
    const old = await issue({ expiresAt: after(1) });
    const { endsAt } = await rotate(old.credential.id, { overlapSeconds: 5 * 86_400 });
    expect(endsAt).toEqual(old.credential.expiresAt);
  });

  it('has one successor, whoever asks first', async () => {
    const { credential } = await issue();
    const before = (await listCredentials(context, tenant)).length;
    const attempts = await Promise.allSettled([rotate(credential.id), rotate(credential.id), rotate(credential.id)]);
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listCredentials(context, tenant)).toHaveLength(before + 1);
    await expect(rotate(credential.id)).rejects.toMatchObject({ status: 409 });
  });

  it.each([-1, 0.5, MAX_OVERLAP_SECONDS + 1, Number.NaN])('has no overlap of %d seconds', async (overlapSeconds) => {
    const { credential } = await issue();
    await expect(rotate(credential.id, { overlapSeconds })).rejects.toMatchObject({ status: 400 });
  });

  it('may overlap for the longest time', async () => {
    const { credential } = await issue();
    const { endsAt } = await rotate(credential.id, { overlapSeconds: MAX_OVERLAP_SECONDS });
    expect(endsAt.getTime() - now).toBe(MAX_OVERLAP_SECONDS * 1000);
  });

  it('does not go on once it has ended', async () => {
    const [revoked, expired] = [await issue(), await issue({ expiresAt: after(1) })];
    await revokeCredential(context, COMMAND_LINE, tenant, revoked.credential.id);
    now += DAY_MS;
    for (const name of [revoked.credential.id, expired.credential.prefix, 'nosuchid', randomUUID()]) {
      await expect(rotate(name)).rejects.toMatchObject({ status: 404 });
      await expect(replaceToken(context, COMMAND_LINE, tenant, name)).rejects.toMatchObject({ status: 404 });
    }
    for (const { credential } of [revoked, expired]) {
      await expect(changeKeyRoles(context, COMMAND_LINE, tenant, credential, [])).rejects.toMatchObject({
        status: 404,
        detail: expect.stringContaining('is revoked or expired'),
      });
    }
  });

  it('is lived in the networks that it names', async () => {
    const { token } = await issue({ allowedIps: ['192.0.2.0/24', '2001:db8::/32'] });
    expect(await works(token, '192.0.2.200')).toBe(true);
    expect(await works(token, '::ffff:192.0.2.200')).toBe(true);
    expect(await works(token, '192.0.3.1')).toBe(401);
    expect(await works((await issue()).token, '192.0.3.1')).toBe(true);
  });

  it.each([
    [{ allowedIps: [] }, 'from 1 to 100'],
    [{ allowedIps: Array.from({ length: MAX_ALLOWED_IPS + 1 }, (_, index) => `10.0.0.${index}`) }, '101 networks'],
    [{ allowedIps: ['office'] }, '"office" is no IP address or network'],
    [{ readOnly: true, scopes: ['scim:write'] }, 'name no scopes beside'],
    [{ scopes: ['admin', 'scim:read'] }, 'admin goes with no other'],
  ])('does not begin with %j', async (asked, words) => {
    await expect(issue(asked)).rejects.toMatchObject({ status: 400, detail: expect.stringContaining(words) });
  });

  it('may name the most networks, and may only be read in', async () => {
    const allowedIps = Array.from({ length: MAX_ALLOWED_IPS }, (_, index) => `10.0.0.${index}`);
    const { credential } = await issue({ allowedIps, readOnly: true });
    expect(credential).toMatchObject({ allowedIps, scopes: ['scim:read'] });
  });

  it('is warned of once before it ends, whoever asks first', async () => {
    await newlyExpiring(context);
    const long = (await issue({ expiresAt: after(90) })).credential;
    const short = (await issue({ expiresAt: after(1) })).credential;
    const [rotated, revoked] = [await issue({ expiresAt: after(90) }), await issue({ expiresAt: after(90) })];
    await revokeCredential(context, COMMAND_LINE, tenant, revoked.credential.id);
    await rotate(rotated.credential.id, { overlapSeconds: MAX_OVERLAP_SECONDS, expiresAt: after(400) });
    const warned = async () => {
      const asked = await Promise.all([newlyExpiring(context), newlyExpiring(context)]);
      const ours = asked.flat().filter((one) => one.tenant === tenant.slug);
      return ours.map(({ id }) => id);
    };
    expect(await warned()).toEqual([]);
    now += 0.8 * DAY_MS + 1;
    expect(await warned()).toEqual([short.id]);
    now += (90 - EXPIRY_WARNING_DAYS) * DAY_MS - 0.8 * DAY_MS - 1;
    expect(await warned()).toEqual([]);
    now += 1;
    expect(await warned()).toEqual([long.id]);
    expect(await warned()).toEqual([]);
    const still = (await expiringCredentials(context)).filter((one) => one.tenant === tenant.slug);
    expect(still.map(({ id }) => id)).toEqual([long.id]);
  });

  it('is warned of in secrets of OAuth clients too, unless there is one that lives longer', async () => {
    const hosts = createHostRules();
    const create = () => createClient(context, COMMAND_LINE, hosts, tenant, { secretExpiresAt: after(90) });
    const [alone, covered, revoked] = [await create(), await create(), await create()];
    await addSecret(context, COMMAND_LINE, tenant, covered.client.prefix, after(200));
    await revokeClient(context, COMMAND_LINE, tenant, revoked.client.prefix);
    await newlyExpiring(context);
    now += 84 * DAY_MS;
    const warned = (await newlyExpiring(context)).filter((one) => one.tenant === tenant.slug && one.client !== null);
    expect(warned).toMatchObject([{ client: alone.client.prefix, id: alone.client.id }]);
    const still = (await expiringCredentials(context)).filter(({ client }) => client !== null);
    expect(still).toMatchObject([{ client: alone.client.prefix, tenant: tenant.slug }]);
    await addSecret(context, COMMAND_LINE, tenant, alone.client.prefix, after(200));
    expect((await expiringCredentials(context)).filter(({ client }) => client !== null)).toEqual([]);
  });
});
