import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Authenticator, CREDENTIAL_CACHE_SECONDS, createAuthenticator } from '../../src/access/authenticate.ts';
import { SCIM_SURFACE } from '../../src/access/surfaces.ts';
import { hashOfToken, prefixFrom, tokenText } from '../../src/access/token.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import type { Grade } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES } from '../../src/profiles/resolve.ts';
import { insertCredential, listCredentials, revokeCredential } from '../../src/storage/credentials.ts';
import type { Storage } from '../../src/storage/database.ts';
import { findTenantById, insertTenant, setRoles } from '../../src/storage/tenants.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const REFUSED = 'The token is unknown, revoked or expired; this endpoint needs a live one.';

/** A tenant with one token, an authenticator, and a clock that the test turns. */
async function setUp(storage: Storage, given: { expiresAt?: Date; grade?: Grade; profile?: string } = {}) {
  let now = START;
  const { db } = storage;
  const { newId, newSecret } = systemContext(db);
  const clock = () => new Date(now);
  const tenantId = newId();
  const prefix = prefixFrom(newSecret());
  const token = tokenText({ tenantId, prefix }, newSecret());
  await insertTenant(db, {
    id: tenantId,
    slug: `t-${randomUUID()}`,
    profile: given.profile ?? 'rfc',
    grade: given.grade ?? 'lenient',
    roles: DEFAULT_ROLE_NAMES,
    ownerId: undefined,
    features: [],
    plan: 'enterprise' as const,
    sandboxOf: undefined,
    ownProfile: undefined,
    rateLimit: undefined,
    tokenLife: undefined,
    faults: undefined,
    createdAt: clock(),
    updatedAt: clock(),
  });
  await insertCredential(db, {
    tenantId,
    id: newId(),
    scheme: 'bearer',
    prefix,
    secretHash: hashOfToken(token),
    scopes: ['scim:read'],
    label: null,
    userId: null,
    kind: 'organization' as const,
    roles: [],
    groupId: null,
    createdAt: clock(),
    expiresAt: given.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
    allowedIps: null,
    rotatedTo: null,
  });
  return {
    db,
    tenantId,
    prefix,
    token,
    clock,
    authenticator: createAuthenticator(db, clock),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    lastUse: async () => (await listCredentials(db, tenantId))[0]?.lastUsedAt,
  };
}

const refused = (authenticator: Authenticator, header: string) =>
  expect(authenticator.authenticate(header, SCIM_SURFACE, '127.0.0.1')).rejects.toMatchObject({
    status: 401,
    detail: REFUSED,
    headers: { 'www-authenticate': 'Bearer realm="SCIM", error="invalid_token"' },
  });

describeEachDatabase('createAuthenticator', (open) => {
  it('finds the tenant, the credential and the dialect', shows('7644-2-4', '7644-6.1-1'), async () => {
    const { authenticator, token, tenantId, prefix } = await setUp(await open(), { profile: 'role-object' });
    const principal = await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    expect(principal.tenant.id).toBe(tenantId);
    expect(principal.credential).toMatchObject({ prefix, scopes: ['scim:read'] });
    expect(principal.dialect.profile.name).toBe('role-object');
  });

  it('answers the same for a token that is unknown, malformed, expired or revoked', async () => {
    const storage = await open();
    const expired = await setUp(storage, { expiresAt: new Date(START) });
    await refused(expired.authenticator, `Bearer ${expired.token}`);
    await refused(expired.authenticator, 'Bearer nonsense');
    await refused(expired.authenticator, `Bearer ${expired.token.slice(0, -4)}AAAA`);
    const revoked = await setUp(storage);
    await revokeCredential(revoked.db, revoked.tenantId, revoked.prefix, revoked.clock());
    await refused(revoked.authenticator, `Bearer ${revoked.token}`);
  });

  it('does not take a secret under the name of another tenant', shows('7644-2.1-2'), async () => {
    const storage = await open();
    const [one, other] = [await setUp(storage), await setUp(storage)];
    const secret = one.token.split('.')[3] ?? '';
    const mixed = tokenText({ tenantId: other.tenantId, prefix: one.prefix }, secret);
    await refused(one.authenticator, `Bearer ${mixed}`);
  });

  it('expires a credential at its instant, remembered or not', shows('7644-7.4-2'), async () => {
    const { authenticator, token, pass } = await setUp(await open(), { expiresAt: new Date(START + 2000) });
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    pass(1.999);
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    pass(0.001);
    await refused(authenticator, `Bearer ${token}`);
  });

  it(
    'notices a revocation elsewhere within the time that it trusts its memory',
    shows('7644-7.4-2', '7644-2.1-2'),
    async () => {
      const { db, authenticator, token, tenantId, prefix, clock, pass } = await setUp(await open());
      await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
      await revokeCredential(db, tenantId, prefix, clock());
      pass(CREDENTIAL_CACHE_SECONDS - 0.001);
      await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
      pass(0.001);
      await refused(authenticator, `Bearer ${token}`);
    },
  );

  it('forgets at once when it is told to', async () => {
    const { db, authenticator, token, tenantId, prefix, clock } = await setUp(await open());
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    await revokeCredential(db, tenantId, prefix, clock());
    authenticator.forget(tenantId);
    await refused(authenticator, `Bearer ${token}`);
  });

  it('does not remember what was read before it was told to forget', async () => {
    const { db, token, tenantId, prefix, clock } = await setUp(await open());
    const [tenant, [credential]] = [await findTenantById(db, tenantId), await listCredentials(db, tenantId)];
    const bearer = tenant && credential && { tenant, credential };
    let revoked = false;
    // The request has read the credential as live and still waits for something when its revocation is over.
    const bearers = {
      find: async () => {
        const found = revoked ? undefined : bearer;
        await revokeCredential(db, tenantId, prefix, clock());
        revoked = true;
        authenticator.forget(tenantId);
        return found;
      },
    };
    const authenticator = createAuthenticator(db, clock, bearers);
    const jwt = `eyJ${token.replaceAll('.', '')}.eyJ.${prefix}`;
    await authenticator.authenticate(`Bearer ${jwt}`, SCIM_SURFACE, '127.0.0.1');
    await refused(authenticator, `Bearer ${jwt}`);
  });

  it('keeps what it knows of other tenants when it forgets one', async () => {
    const storage = await open();
    const [one, other] = [await setUp(storage), await setUp(storage)];
    await one.authenticator.authenticate(`Bearer ${one.token}`, SCIM_SURFACE, '127.0.0.1');
    await revokeCredential(one.db, one.tenantId, one.prefix, one.clock());
    one.authenticator.forget(other.tenantId);
    await one.authenticator.authenticate(`Bearer ${one.token}`, SCIM_SURFACE, '127.0.0.1');
  });

  it('serves a tenant in the dialect of its newest state', async () => {
    const { db, authenticator, token, tenantId, clock } = await setUp(await open(), { profile: 'role-object' });
    const before = await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    await setRoles(db, tenantId, [{ name: 'auditor', byDefault: true }], clock());
    authenticator.forget(tenantId);
    const after = await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    expect(JSON.stringify(before.dialect.registry)).not.toContain('auditor');
    expect(JSON.stringify(after.dialect.registry)).toContain('auditor');
  });

  it('notes the last use, but not at every request', async () => {
    const { authenticator, token, pass, lastUse } = await setUp(await open());
    expect(await lastUse()).toBeNull();
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    expect(await lastUse()).toEqual(new Date(START));
    pass(30);
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    expect(await lastUse()).toEqual(new Date(START));
    pass(60);
    await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    expect(await lastUse()).toEqual(new Date(START + 90_000));
  });

  it('takes a token without a scheme only from a tenant whose dialect does', async () => {
    const storage = await open();
    const lenient = await setUp(storage, { grade: 'lenient' });
    expect((await lenient.authenticator.authenticate(lenient.token, SCIM_SURFACE, '127.0.0.1')).tenant.id).toBe(
      lenient.tenantId,
    );
    const strict = await setUp(storage, { grade: 'strict' });
    await expect(strict.authenticator.authenticate(strict.token, SCIM_SURFACE, '127.0.0.1')).rejects.toMatchObject({
      status: 401,
      detail: 'The Authorization header has a token without a scheme; this endpoint needs "Bearer <token>".',
    });
  });

  it('remembers a bounded number of credentials and drops the oldest', async () => {
    const storage = await open();
    const tenants = [await setUp(storage), await setUp(storage), await setUp(storage)] as const;
    const [first, second, third] = tenants;
    const authenticator = createAuthenticator(storage.db, first.clock, undefined, 2);
    for (const { token } of [first, second, third])
      await authenticator.authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');
    for (const { db, tenantId, prefix, clock } of tenants) await revokeCredential(db, tenantId, prefix, clock());
    await authenticator.authenticate(`Bearer ${second.token}`, SCIM_SURFACE, '127.0.0.1');
    await authenticator.authenticate(`Bearer ${third.token}`, SCIM_SURFACE, '127.0.0.1');
    await refused(authenticator, `Bearer ${first.token}`);
  });
});
